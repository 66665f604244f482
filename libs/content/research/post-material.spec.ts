import { ExtractiveGenerator } from '../generators/extractive/extractive.generator.js';
import { solarSources, testLexicon } from '../testing.js';
import { postMaterial } from './post-material.js';

const brief = {
  ...{ primaryKeyword: null, targetAudience: 'home owners', style: null, tone: null },
  ...{ targetLength: 400, qualityThreshold: 70, maxRefinements: 3 },
};
const watch = { signal: new AbortController().signal, progress: () => undefined, warn: () => undefined };

describe('a published text as material', () => {
  it.each(['blog_post', 'newsletter', 'social_media'] as const)(
    'is what its quotations say, and nothing that the generator says of it: a %s',
    async (format) => {
      const item = { topic: 'solar panels', format, language: 'english', tags: ['Sun'], brief };
      const lexicon = testLexicon(item.topic, ...solarSources.map(({ text }) => text));
      const task = { item, material: solarSources, lexicon, base: null };
      const { body } = await new ExtractiveGenerator().write(task, watch);
      const text = postMaterial(body, 'english');
      expect(text.replace(/^## /gm, '')).not.toMatch(
        /[“”[\]#]|word for word|Nothing was added|In short|Sources|Hello|Read more|Would you/,
      );
      const all = solarSources.map((source) => source.text.replace(/\s+/g, ' ')).join(' ');
      const paragraphs = text.split('\n\n').filter((block) => !block.startsWith('## '));
      expect(paragraphs.length).toBeGreaterThan(3);
      for (const paragraph of paragraphs) expect(all).toContain(paragraph);
      // And a text made of it has no quotations within quotations.
      const again = { ...task, material: [{ title: 'Post', url: 'http://localhost/site/posts/x', text }] };
      const second = (await new ExtractiveGenerator().write(again, watch)).body;
      expect(second.match(/Nothing was added/g)).toHaveLength(1);
      expect(second).not.toMatch(/[“][^”]*[“‘]/);
    },
  );

  it('keeps what people wrote, with the quotation marks that they used', () => {
    const body =
      '“It works,” they said, “and well.”\n\n## In short\n\n- It works [1].\n\n## Costs\n\nIt costs little [2]. See.\n\n## Sources\n\n1. A';
    expect(postMaterial(body, 'english')).toBe(
      '“It works,” they said, “and well.”\n\n## Costs\n\nIt costs little. See.',
    );
  });
});

import type { ContentFormat } from '../../content-state.js';
import { evaluate } from '../../evaluation/evaluate.js';
import type { Quality } from '../../quality.js';
import { solarSources, testLexicon } from '../../testing.js';
import { articleParts } from '../../text/markdown-parts.js';
import { countWords } from '../../text/words.js';
import type { RefinementBase, WritingTask } from '../generator.js';
import { editsOf, noEdits } from '../peoples-edits.js';
import { leansOnTheLast } from './context-free.js';
import { ExtractiveGenerator } from './extractive.generator.js';

const generator = new ExtractiveGenerator();
const watch = { signal: new AbortController().signal, progress: () => undefined, warn: () => undefined };
const brief = {
  primaryKeyword: null as string | null,
  targetAudience: null,
  style: null,
  tone: null,
  targetLength: 400,
  qualityThreshold: 70,
  maxRefinements: 3,
};

function taskFor(overrides: {
  format?: ContentFormat;
  targetLength?: number;
  keyword?: string;
  base?: RefinementBase | null;
  tags?: string[];
}): WritingTask {
  const { format = 'blog_post', targetLength = 400, keyword = null, base = null, tags = [] } = overrides;
  const topic = 'solar panels for the home';
  const texts = solarSources.map(({ text }) => text);
  return {
    item: { topic, format, language: 'english', tags, brief: { ...brief, targetLength, primaryKeyword: keyword } },
    material: solarSources,
    lexicon: testLexicon(topic, ...texts, keyword ?? '', base?.instructions ?? '', base?.current.body ?? ''),
    base,
  };
}
const wordsOfBody = (body: string) =>
  articleParts(body).reduce((sum, { kind, text }) => sum + (kind === 'heading' ? 0 : countWords(text)), 0);
const judged = (
  task: WritingTask,
  text: { title: string; body: string; sources: RefinementBase['current']['sources'] },
): Promise<Quality> =>
  evaluate(
    {
      ...task.item,
      ...text,
      material: task.material,
      archive: [],
      lexicon: testLexicon(task.item.topic, text.body, ...solarSources.map((source) => source.text)),
    },
    watch.signal,
  );
const refined = async (instructions: string | null, overrides: Parameters<typeof taskFor>[0] = {}) => {
  const first = await generator.write(taskFor(overrides), watch);
  const task = taskFor(overrides);
  const base = { current: first, quality: await judged(task, first), instructions, earlier: [], edits: noEdits };
  return { first, second: await generator.write(taskFor({ ...overrides, base }), watch) };
};

describe('the extractive generator', () => {
  it('quotes the sources word for word, cites each quotation, and adds nothing', async () => {
    const { title, body, sources } = await generator.write(taskFor({}), watch);
    expect(title).toBe('Solar panels for the home');
    const quotations = [...body.matchAll(/“([^”]+)” \[(\d)\]/g)];
    expect(quotations.length).toBeGreaterThan(10);
    for (const [, text, number] of quotations) {
      const { url } = sources[Number(number) - 1];
      const source = solarSources.find((one) => one.url === url)!.text.replace(/\s+/g, ' ');
      for (const part of text.split(' \\[…\\] ')) expect(source).toContain(part);
    }
    const own = body
      .replace(/- /g, '')
      .replace(/“[^”]+” \[\d\]/g, '')
      .replace(/## Sources[\s\S]*$/, '')
      .replace(/^## .*$/gm, '')
      .trim();
    expect(own.replace(/\s+/g, ' ')).toMatch(/^This text quotes \d sources word for word\. Nothing was added; .*\.$/);
    expect(body).toMatch(/\n## Sources\n\n1\. \[/);
  });

  it('takes its headings from the sources, and ends with a summary', async () => {
    const { body } = await generator.write(taskFor({}), watch);
    const headings = articleParts(body)
      .filter(({ kind }) => kind === 'heading')
      .map(({ text }) => text);
    expect(headings.at(-1)).toBe('In short');
    expect(headings.length).toBeGreaterThanOrEqual(3);
    expect(
      headings.some((heading) => ['The inverter', 'Efficiency', 'Savings', 'Batteries', 'Support'].includes(heading)),
    ).toBe(true);
  });

  describe('out of a plain text', () => {
    const text = `Notes on solar panels

Solar panels for the home need a lot of sun. It may be weak on some days. See also: Wind power for the home. Solar panels also like days that are cool.

What panels weigh

- A panel weighs about twenty kilograms.
- However, nobody has weighed them all.
- Light panels exist for flat roofs.

Set PANEL_COUNT=20 in panels/config.json for larger panels. Click here to order panels today. © 2026 The panel makers and their heirs.`;
    const written = async () =>
      generator.write({ ...taskFor({}), material: [{ title: 'Notes on solar panels', url: null, text }] }, watch);

    it('takes no sentence out of what it needs to be understood', async () => {
      const { body } = await written();
      expect(body).toContain('Solar panels for the home need a lot of sun. It may be weak on some days.');
      expect(body).not.toMatch(/“It may|However/);
    });

    it('leaves out what is no part of the subject', async () => {
      expect((await written()).body).not.toMatch(/See also|Click here|©/);
    });

    it('reads headings and lists, and does not open with settings', async () => {
      const { body } = await written();
      expect(body).toMatch(/\n## What panels weigh\n\n“(A panel weighs|Light panels)/);
      expect(body).toMatch(/^“(?!Set)/);
    });
  });

  it('marks what it left out within a quotation', async () => {
    const { body } = await generator.write(taskFor({}), watch);
    expect(body).toContain(' \\[…\\] ');
    expect(body).toContain('Nothing was added; \\[…\\] marks what was left out.');
  });

  it.each([
    ['blog_post', 200],
    ['blog_post', 300],
    ['blog_post', 700],
    ['newsletter', 350],
    ['email', 250],
    ['social_media', 200],
  ] as const)('writes a %s of %i words, give or take 15 %%', async (format, targetLength) => {
    const { body } = await generator.write(taskFor({ format, targetLength, tags: ['Solar power'] }), watch);
    expect(Math.abs(wordsOfBody(body) - targetLength) / targetLength).toBeLessThanOrEqual(0.15);
  });

  it('gives each format what belongs to it', async () => {
    const write = async (format: ContentFormat) =>
      (await generator.write(taskFor({ format, tags: ['Solar power'] }), watch)).body;
    expect(await write('newsletter')).toMatch(/^Hello,\n\n[\s\S]*## [\s\S]*Read more: \[/);
    const email = await write('email');
    expect(email).toMatch(/^Hello,\n\n/);
    expect(email.replace(/## Sources/, '')).not.toContain('## ');
    expect(await write('social_media')).toMatch(/^“[\s\S]*\\#Solarpower/);
  });

  it('is the same for the same task, every time', async () => {
    expect(await generator.write(taskFor({}), watch)).toEqual(await generator.write(taskFor({}), watch));
  });

  it.each(['blog_post', 'newsletter', 'email', 'social_media'] as const)(
    'is borne out in all that a %s states: what it says of itself is no statement',
    async (format) => {
      const text = await generator.write(taskFor({ format, tags: ['Solar power'] }), watch);
      const { criteria } = await judged(taskFor({ format }), text);
      const [, borneOut, statements] = /bear out (\d+) of (\d+)/.exec(
        criteria.find(({ name }) => name === 'grounding')!.reason,
      )!;
      expect(borneOut).toBe(statements);
    },
  );

  it('meets the default threshold with enough material', async () => {
    const text = await generator.write(taskFor({ keyword: 'solar panels' }), watch);
    expect((await judged(taskFor({}), text)).score).toBeGreaterThanOrEqual(70);
  });

  it('says all there is when the material is short, and fails when there is none', async () => {
    const little = {
      ...taskFor({}),
      material: [{ title: 'Note', url: null, text: 'Solar panels turn light into current.' }],
    };
    expect((await generator.write(little, watch)).body).toContain('“Solar panels turn light into current.” [1]');
    const menu = { ...taskFor({}), material: [{ title: 'Menu', url: null, text: 'Home\n\nShop\n\nWho are we?' }] };
    await expect(generator.write(menu, watch)).rejects.toMatchObject({ name: 'GeneratorError', transient: false });
  });

  it('quotes a text whose words have no blanks between them', async () => {
    const text =
      '太陽光パネルは光を電気に変えます。屋根の上のパネルは家で使う電力の半分を作ることができます。費用は十年で回収できます！';
    const topic = '太陽光パネル';
    const item = { ...taskFor({}).item, topic, language: 'simple' };
    const { body } = await generator.write(
      { item, material: [{ title: 'メモ', url: null, text }], lexicon: testLexicon(topic, text), base: null },
      watch,
    );
    expect(body).toContain('太陽光パネルは光を電気に変えます。');
    expect(body).toContain('費用は十年で回収できます！');
  });

  it('opens with a sentence that needs nothing before it', async () => {
    const text = `Notes on roofs.

The switch for solar panels changes the home at once. A few more words stand here about something else. Half a year later many solar panels for the home cost nine thousand euros.`;
    const { body } = await generator.write({ ...taskFor({}), material: [{ title: 'Notes', url: null, text }] }, watch);
    expect(body).toMatch(/^“Half a year/);
  });

  it.each([
    ['The panels themselves are only a third of the costs.', true],
    ['Half of that sum pays for the work.', true],
    ['Die Platten selbst kosten wenig.', true],
    ['Half of all roofs carry panels.', false],
    ['The panels cost nine thousand euros.', false],
  ])('knows that %j needs the one before: %s', (sentence, leans) => {
    expect(leansOnTheLast(sentence, 'english')).toBe(leans);
  });

  it('shows hostile text as text: no link, tag, heading or citation comes out of a source', async () => {
    const text = `Solar <script>alert(1)</script> panels [click](http://evil.example) are *cheap* and “good” today [1]. # Solar panels make power for every home.`;
    const { body } = await generator.write(
      { ...taskFor({}), material: [{ title: '](x) <b>', url: 'https://a.example/>x', text }] },
      watch,
    );
    const parts = articleParts(body);
    expect(parts.some(({ linked, text: shown }) => linked && !shown.includes('http://evil'))).toBe(false);
    expect(parts.map((part) => part.text).join(' ')).toContain(
      'Solar <script>alert(1)</script> panels [click](http://evil.example) are *cheap* and ‘good’ today.',
    );
  });

  it('stops when it is told to', async () => {
    const stopped = { ...watch, signal: AbortSignal.abort(new Error('cancelled')) };
    await expect(generator.write(taskFor({}), stopped)).rejects.toThrow('cancelled');
  });

  describe('refining', () => {
    it('follows instructions as far as choosing sentences can, and says how far that was', async () => {
      const { first, second } = await refined(
        'Say more about hail insurance and birds, remove the inverter. What about taxes?',
        { targetLength: 250 },
      );
      expect(first.body).not.toContain('nest below panels');
      expect(second.body).toContain('Insurance against hail');
      expect(second.body).toContain('nest below panels');
      expect(second.body).not.toMatch(/inverter/i);
      expect(second.changes).toMatch(
        /more room to .*hail.*insurance.*birds.*Left out inverter\..*say nothing about taxes\./,
      );
    });

    it.each([
      ['Please make it shorter.', 400, 280],
      ['Cut it down to 150 words', 400, 150],
      ['longer', 300, 420],
    ])('%j brings %i words to about %i', async (instructions, targetLength, expected) => {
      const { second } = await refined(instructions, { targetLength });
      expect(Math.abs(wordsOfBody(second.body) - expected) / expected).toBeLessThanOrEqual(0.15);
      expect(second.changes).toContain(`Aimed at ${expected} words.`);
    });

    it('answers what quality complains about: the keyword', async () => {
      const task = taskFor({ keyword: 'battery' });
      const first = await generator.write(taskFor({ targetLength: 200 }), watch);
      const quality = await judged(task, first);
      expect(quality.criteria.find(({ name }) => name === 'keyword_use')!.score).toBeLessThan(80);
      const base = { current: first, quality, instructions: null, earlier: [], edits: noEdits };
      const second = await generator.write(taskFor({ keyword: 'battery', targetLength: 200, base }), watch);
      const count = (body: string) => body.match(/batter/gi)?.length ?? 0;
      expect(count(second.body)).toBeGreaterThan(count(first.body));
      expect(second.changes).toContain('Gave “battery” more room.');
    });

    it('puts the keyword over the section that says most about it', async () => {
      const first = await generator.write(taskFor({}), watch);
      const complaint = { name: 'keyword_use' as const, score: 40, weight: 0.1, reason: 'No heading has the keyword.' };
      const base = {
        current: first,
        quality: { score: 40, criteria: [complaint] },
        instructions: null,
        earlier: [],
        edits: noEdits,
      };
      const { body } = await generator.write(taskFor({ keyword: 'power', base }), watch);
      expect(/## Power: .*\n\n(.*)/.exec(body)?.[1]).toMatch(/power/i);
    });

    it('keeps what people wrote, and leaves out what they took out', async () => {
      const first = await generator.write(taskFor({}), watch);
      const cut = /“([^”]+)” \[\d\]/.exec(first.body)!;
      const [heading] = /## .*/.exec(first.body)!;
      const edited = first.body
        .replace(cut[0], 'We tried this ourselves.')
        .replace(heading, `${heading}\n\nOur own roof did well.`);
      const edits = editsOf([
        { number: 1, origin: 'draft', parent: null, body: first.body },
        { number: 2, origin: 'edit', parent: 1, body: edited },
      ]);
      const base = {
        current: { ...first, title: 'Our title', body: edited },
        quality: null,
        instructions: 'More about batteries',
        earlier: [],
        edits,
      };
      const second = await generator.write(taskFor({ base }), watch);
      expect(second.title).toBe('Our title');
      expect(second.body).toContain('We tried this ourselves.');
      expect(second.body).toContain('Our own roof did well.');
      expect(second.body).not.toContain(cut[1]);
      expect(second.changes).toContain('What people wrote was kept.');
    });
  });
});

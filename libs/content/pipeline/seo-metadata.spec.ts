import { testLexicon } from '../test-sources.js';
import { seoMetadata } from './seo-metadata.js';

const brief = {
  ...{ primaryKeyword: 'tidal range', targetAudience: null, style: null, tone: null },
  ...{ targetLength: 400, qualityThreshold: 70, maxRefinements: 3 },
};
const seoOf = (title: string, body: string, language = 'english') =>
  seoMetadata(
    { title, body },
    { topic: title, format: 'blog_post', language, tags: ['Ocean'], brief },
    testLexicon(title, body),
  );

describe('search metadata', () => {
  const quoted = '“The tidal range is the difference in height between high tide and low tide.” [1]';
  const body = `Hello,\n\n${quoted}\n\nThis text quotes one source word for word. Nothing was added; \\[…\\] marks what was left out.\n\nOne low tide follows another low tide. Every bay keeps one harbour, and each harbour keeps one bay. A harbour is safe. This left out a frequent complaint, a frequent complaint.`;

  it('describe a text by its first paragraph that says something, without the marks of a quotation', () => {
    expect(seoOf('Tides', body).description).toBe(
      'The tidal range is the difference in height between high tide and low tide.',
    );
    expect(seoOf('Tides', 'Short.').description).toBe('Short.');
    expect(seoOf('Tides', '').description).toBe('Tides');
  });

  it('have the keyword and the tags, then pairs of words, then words that mean something, none twice', () => {
    const { keywords } = seoOf('Tides', body);
    expect(keywords.slice(0, 3)).toEqual(['tidal range', 'Ocean', 'low tide']);
    expect(keywords).toEqual(expect.arrayContaining(['harbour']));
    expect(keywords.map((word) => word.toLowerCase())).not.toEqual(expect.arrayContaining(['one']));
    expect(keywords).not.toContain('tide');
    expect(keywords.join(' ')).not.toMatch(/frequent|complaint|left|word|bay/);
  });

  it('take the nouns of German, as they are written', () => {
    const german =
      'Die Pumpe wärmt das Haus. Jedes Haus braucht eine Pumpe, die wärmt, und sie wärmt. Kein Haus ohne Pumpe.';
    expect(seoOf('Wärme', german, 'german').keywords).toEqual(['tidal range', 'Ocean', 'Haus', 'Pumpe']);
  });

  it('keep within their lengths, and cut behind a word', () => {
    const { title, description, keywords } = seoOf(
      'Wide oceans '.repeat(20),
      'Wide oceans are wide, as all know. '.repeat(30),
    );
    expect([title.length <= 60, description.length <= 160, keywords.length <= 10]).toEqual([true, true, true]);
    expect(title).toMatch(/(Wide|oceans)…$/);
  });
});

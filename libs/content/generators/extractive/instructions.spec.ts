import { solarSources, testLexicon } from '../../testing.js';
import { readInstructions } from './instructions.js';

const text =
  'Noise and Germany and running costs. Inverter, batteries, birds, hail insurance, savings, prices, drop, Lärm, Deutschland, Kosten, Batterien, Wechselrichter.';
const material = [...solarSources, { title: 'More', url: null, text }];
const brief = {
  ...{ primaryKeyword: null, targetAudience: null, style: null, tone: null },
  ...{ targetLength: 400, qualityThreshold: 70, maxRefinements: 3 },
};
function read(...requests: string[]) {
  const item = { topic: 'solar panels', format: 'blog_post' as const, language: 'english', tags: [], brief };
  const lexicon = testLexicon(item.topic, ...requests, ...material.map((source) => source.text));
  const { wanted, unwanted, ...rest } = readInstructions(requests, { item, material, lexicon, base: null });
  return { wanted: wanted.join(' '), unwanted: unwanted.join(' '), ...rest };
}

describe('what a request asks for', () => {
  it.each([
    ['Say more about noise and less about Germany.', 'noise', 'germany'],
    ['Say less about Germany and more about noise', 'noise', 'germany'],
    ['No mention of Germany. Expand on the running costs.', 'running cost', 'germany'],
    ['Elaborate on noise, go into the costs.', 'noise cost', ''],
    ['Please go deeper into the savings', 'saving', ''],
    ['More on noise while less on Germany', 'noise', 'germany'],
    ['Mention the birds, whereas Germany should not be mentioned', 'bird', 'germany'],
    ["Don't mention Germany", '', 'germany'],
    ['Don’t talk about Germany and the birds.', '', 'germany bird'],
    ['Never mention Germany again!', '', 'germany'],
    ['Too much noise, too many birds', '', 'noise bird'],
    ['There is too much about Germany.', '', 'germany'],
    ['No more batteries', '', 'batterie'],
    ['Drop the part about batteries', '', 'batterie'],
    ['Leave the inverter out and add savings', 'saving', 'inverter'],
    ['Drop the batteries, the inverter and the birds', '', 'batterie inverter bird'],
    ['More about noise instead of Germany', 'noise', 'germany'],
    ['Write about savings without mentioning Germany', 'saving', 'germany'],
    ['Not enough about noise', 'noise', ''],
    ['It does not mention the costs.', 'cost', ''],
    ['There is nothing about birds', 'bird', ''],
    ['The costs are missing', 'cost', ''],
    ['Do not forget the birds', 'bird', ''],
    ['Say more about the drop in prices', 'price', ''],
    ['What about hail insurance?', 'hail insurance', ''],
    ['Bitte weniger über Lärm und mehr über Kosten', 'kosten', 'lärm'],
    ['Mehr zu den Kosten, kein Wort über Deutschland', 'kosten', 'deutschland'],
    ['Keine Batterien und nicht so viel Lärm', '', 'batterien lärm'],
    ['Zu viel Lärm', '', 'lärm'],
    ['Deutschland nicht erwähnen', '', 'deutschland'],
    ['Batterien werden nicht erwähnt', 'batterien', ''],
    ['Lass Deutschland weg und geh auf die Kosten ein', 'kosten', 'deutschland'],
    ['Streiche den Abschnitt über Batterien', '', 'batterien'],
    ['Statt Lärm lieber Kosten', 'kosten', 'lärm'],
    ['Die Kosten fehlen', 'kosten', ''],
    ['Nicht genug über Kosten', 'kosten', ''],
    ['Füge etwas über Wechselrichter hinzu', 'wechselrichter', ''],
  ])('%s', (request, wanted, unwanted) => {
    const found = read(request);
    expect([found.wanted, found.unwanted]).toEqual([wanted, unwanted]);
    expect(found.targetWords).toBeNull();
    expect(found.notes.join(' ')).not.toMatch(/Not understood|say nothing/);
  });

  it.each([
    ['Shorter.', 280],
    ['Please make it shorter', 280],
    ['The article is too long', 280],
    ['It should be short', 280],
    ['Bitte kürzer', 280],
    ['Der Text ist zu lang.', 280],
    ['Expand.', 560],
    ['Too short!', 560],
    ['Ausführlicher, bitte', 560],
    ['Cut it down to 150 words', 150],
    ['Höchstens 250 Wörter', 250],
  ])('%s: %i words', (request, words) => {
    expect(read(request)).toMatchObject({
      targetWords: words,
      notes: [`Aimed at ${words} words.`],
      wanted: '',
      unwanted: '',
    });
  });

  it.each([
    ['The headings are cut off, fix them', '“The headings are cut off”, “fix them”'],
    ['Headings must be short', '“Headings must be short”'],
    ['The introduction is too long', '“The introduction is too long”'],
    ['Shorten the part on batteries', '“Shorten the part on batteries”'],
    ['Drop the last paragraph', '“Drop the last paragraph”'],
    ["I don't understand the batteries", "“I don't understand the batteries”"],
    ['The savings and the noise.', '“The savings and the noise”'],
    ['Die Überschriften sind zu lang', '“Die Überschriften sind zu lang”'],
    ['I do not like the tone', '“I do not like the tone”'],
  ])('%s: not understood, and nothing done', (request, clauses) => {
    expect(read(request)).toEqual({
      ...{ wanted: '', unwanted: '', targetWords: null, longestSentence: null },
      notes: [`Not understood: ${clauses}.`],
    });
  });

  it('says what the sources lack, and what cannot be left out', () => {
    expect(read('Say more about taxes. Drop the solar panels.').notes).toEqual([
      'The whole text is about solar, panels: that stays.',
      'The sources say nothing about taxes.',
    ]);
    expect(read('Thanks! Please.').notes).toEqual([]);
  });

  it('wants shorter sentences where it is told so', () => {
    for (const request of ['Simpler, please', 'The sentences are too long', 'Einfacher bitte']) {
      expect(read(request)).toMatchObject({
        longestSentence: 22,
        targetWords: null,
        notes: ['Chose shorter sentences.'],
      });
    }
  });

  it('holds to what was asked before, and to the newest where requests contradict', () => {
    expect(read('Drop the batteries. Shorter.', 'More about birds.')).toMatchObject({
      ...{ wanted: 'bird', unwanted: 'batterie', targetWords: 280 },
      notes: ['Gave more room to birds.', 'Still left out, as asked before: batteries.'],
    });
    expect(read('Drop the batteries and the birds.', 'More about batteries.')).toMatchObject({
      ...{ wanted: 'batterie', unwanted: 'bird' },
    });
    expect(read('Make it 200 words.', 'Make it 300 words.').targetWords).toBe(300);
  });
});

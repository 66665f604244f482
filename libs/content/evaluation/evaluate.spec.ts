import type { ContentFormat } from '../content-state.js';
import { qualityCriteria, type QualityCriterion } from '../quality.js';
import { solarSources, testLexicon } from '../test-sources.js';
import { evaluate } from './evaluate.js';
import type { JudgedText } from './text-view.js';

const intro =
  'Solar panels pay for themselves on most roofs, and this post says why: what they are, what they cost, and what to look at before you buy any of them.';
const good = `${intro}

## How solar panels work

Solar panels turn sunlight into electric current. [1] A panel is made of many cells, and each one is a slice of silicon. [1]
When light hits it, electrons are set free, and an electric field pushes them in one direction. [1]

## What solar panels cost

A system for a family home costs between eight and fifteen thousand euros today, and half of it pays for the work on the roof. [2]
It pays for itself after nine to thirteen years. [2] Batteries became cheaper, but they add several thousand euros. [2]

## What to look at

Every roof must be checked, because it carries the weight of the panels for thirty years. [3] Shade from trees is the most
common reason for a disappointing yield. [3] A look at the numbers of the inverter once a month is all the care they need. [3]

## In short

Solar panels are cheap, they last for decades, and a family saves several hundred euros every year. [2]

## Sources

1. [How solar panels work](https://physics.example/solar)
2. [What a solar roof costs](https://money.example/roof)
3. Notes of an installer
`;

async function judge(
  change: Partial<JudgedText> & { keyword?: string | null; target?: number } = {},
  signal = new AbortController().signal,
) {
  const { keyword = 'solar panels', target = 190, ...text } = change;
  const judged = {
    topic: 'solar panels on roofs',
    format: 'blog_post' as ContentFormat,
    language: 'english',
    title: 'Why solar panels pay',
    body: good,
    sources: solarSources.map(({ title, url }) => ({ title, url })),
    material: solarSources,
    archive: [],
    ...text,
  };
  const brief = {
    primaryKeyword: keyword,
    targetAudience: null,
    style: null,
    tone: null,
    targetLength: target,
    qualityThreshold: 70,
    maxRefinements: 3,
  };
  const texts = [judged.title, judged.body, judged.topic, keyword ?? '', ...solarSources.map((source) => source.text)];
  const lexicon = testLexicon(...texts);
  const quality = await evaluate({ ...judged, brief, lexicon }, signal);
  const of = (name: QualityCriterion) => quality.criteria.find((criterion) => criterion.name === name)!;
  return { quality, of };
}

describe('the quality of a text', () => {
  it('has seven criteria, whose weights make up the score, each with its reason', async () => {
    const { quality } = await judge();
    expect(quality.criteria.map(({ name }) => name)).toEqual(qualityCriteria);
    expect(quality.criteria.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
    const mean = quality.criteria.reduce((sum, { weight, score }) => sum + weight * score, 0);
    expect(quality.score).toBeCloseTo(mean, 1);
    for (const { reason, score } of quality.criteria) {
      expect(reason).toMatch(/^[A-Z0-9].*\.$/s);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(100);
    }
  });

  it('is high for a text that is good in every respect', async () => {
    const { quality } = await judge();
    expect(quality.criteria.filter(({ score }) => score < 80)).toEqual([]);
  });

  const paragraph = 'Solar panels turn sunlight into electric current, and each panel is made of cells. ';
  const invented =
    'Quantum mushrooms whisper golden equations beneath frozen libraries. Purple senators negotiate invisible harbours every winter. ';
  const clumsy =
    'Photovoltaic instrumentation necessitates comprehensive administrative documentation regarding infrastructural particularities, notwithstanding jurisdictional heterogeneity, organizational responsibilities, environmental considerations and institutional accountability throughout metropolitan territories. ';

  // Each is bad in one respect, and says so.
  it.each<[QualityCriterion, string, Parameters<typeof judge>[0], RegExp]>([
    [
      'readability',
      'long words in long sentences',
      { body: clumsy.repeat(6) },
      /Reading ease -?\d+ of 100: sentences have \d/,
    ],
    [
      'structure',
      'one block without headings',
      { body: paragraph.repeat(30) },
      /one block\..*A paragraph has \d+ words.*0 headings/,
    ],
    [
      'keyword_use',
      'a keyword that is not there',
      { keyword: 'heat pump' },
      /not in the title.*first 120 words.*comes 0 times/,
    ],
    ['keyword_use', 'a stuffed keyword', { body: `${'Solar panels are solar panels. '.repeat(20)}` }, /makes up \d+/],
    ['length_fit', 'half the length', { target: 400 }, /\d+ words; 400 are wanted/],
    ['length_fit', 'twice the length', { target: 95 }, /\d+ words; 95 are wanted/],
    ['grounding', 'inventions', { body: invented.repeat(10) }, /bear out 0 of/],
    [
      'grounding',
      'citations that lead nowhere',
      { body: good.replaceAll('[1]', '[7]').replaceAll('[3]', '[9]') },
      /2 citations lead nowhere/,
    ],
    ['grounding', 'no sources', { material: [], sources: [] }, /no sources/],
    [
      'originality',
      'sources copied without quotation marks',
      { body: solarSources[0].text },
      /^\d\d+ % of what is not quoted/,
    ],
    [
      'originality',
      'what was published before',
      { archive: [{ title: 'An old post', text: good }] },
      /published before in “An old post”/,
    ],
    [
      'completeness',
      'no word on half of the topic',
      { topic: 'wind turbines and tides' },
      /Nothing is said on wind, turbine, tide/,
    ],
    [
      'completeness',
      'no list of sources, no citation',
      { body: paragraph.repeat(3) },
      /not listed.*No source is cited/,
    ],
    [
      'completeness',
      'a newsletter that ends in nothing',
      { format: 'newsletter', body: paragraph.repeat(9) },
      /no summary.*how to go on/,
    ],
  ])('%s: finds %s', async (name, _what, change, reason) => {
    expect((await judge(change)).of(name).reason).toMatch(reason);
    expect((await judge(change)).of(name).score).toBeLessThan((await judge()).of(name).score);
    expect((await judge(change)).of(name).score).toBeLessThan(80);
  });

  it('does not count quotations as copies', async () => {
    const quoted = solarSources[0].text.replaceAll('\n', ' ').replace(/## \w+( \w+)? /g, '');
    const body = `They say: “${quoted.replaceAll('\n', ' ')}” [1]`;
    expect((await judge({ body })).of('originality').score).toBe(100);
  });

  it('takes a citation behind the full stop for that of the sentence before', async () => {
    const body =
      'Solar panels turn sunlight into electric current. [1] A system for a family home costs between eight and fifteen thousand euros today. [2]';
    expect((await judge({ body })).of('grounding').reason).toContain('2 of 2');
    const wrong = body.replace('[2]', '[3]').replace('[1]', '[2]');
    expect((await judge({ body: wrong })).of('grounding').reason).toContain('0 of 2');
  });

  it('stops in the middle of a long computation', async () => {
    const stopped = new AbortController();
    const judging = judge({ body: 'Alpha beta gamma delta epsilon. '.repeat(6_000) }, stopped.signal);
    // It has begun, and lets others in.
    setImmediate(() => stopped.abort(new Error('cancelled')));
    await expect(judging).rejects.toThrow('cancelled');
  });

  it('judges languages without a formula by the length of sentences', async () => {
    expect((await judge({ language: 'finnish' })).of('readability').reason).toMatch(/length alone/);
  });

  it.each(['', '   ', '## Only a heading', '[1]', '![](x)', '> '])('makes something of %j', async (body) => {
    expect((await judge({ body })).quality.score).toBeLessThan(50);
  });
});

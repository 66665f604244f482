/** What the extractive generator says in its own words. */
export interface Phrases {
  readonly quotes: readonly [open: string, close: string];
  readonly innerQuotes: readonly [open: string, close: string];
  readonly sources: string;
  readonly summary: string;
  readonly more: string;
  readonly readMore: string;
  /** Which text this is, and how it was made. */
  readonly intro: (sources: number) => string;
  readonly greeting: (audience: string | null) => string;
  readonly closing: string;
}

const english: Phrases = {
  quotes: ['“', '”'],
  innerQuotes: ['‘', '’'],
  sources: 'Sources',
  summary: 'In short',
  more: 'Further points',
  readMore: 'Read more:',
  intro: (sources) =>
    `This text quotes ${sources === 1 ? 'one source' : `${sources} sources`} word for word. Nothing was added; […] marks ` +
    'what was left out.',
  greeting: (audience) => (audience === null ? 'Hello,' : `Hello ${audience},`),
  closing: 'Would you like to know more? The sources have the whole story.',
};

const german: Phrases = {
  quotes: ['„', '“'],
  innerQuotes: ['‚', '‘'],
  sources: 'Quellen',
  summary: 'Kurz gesagt',
  more: 'Weitere Punkte',
  readMore: 'Weiterlesen:',
  intro: (sources) =>
    `Dieser Text zitiert ${sources === 1 ? 'eine Quelle' : `${sources} Quellen`} wörtlich. Nichts wurde hinzugefügt; […] steht ` +
    'für Auslassungen.',
  greeting: (audience) => (audience === null ? 'Guten Tag,' : `Guten Tag ${audience},`),
  closing: 'Möchten Sie mehr wissen? Die Quellen erzählen die ganze Geschichte.',
};

/** Of all languages that have their own. */
export const allPhrases: readonly Phrases[] = [english, german];

/** The phrases of a language; where there are none, those of English. */
export function phrasesOf(language: string): Phrases {
  return language === 'german' ? german : english;
}

/** How a list of sources may be headed, in lower case. */
export const sourcesHeadings: ReadonlySet<string> = new Set(
  [english.sources, german.sources, 'references', 'literatur', 'quellenverzeichnis'].map((heading) =>
    heading.toLowerCase(),
  ),
);

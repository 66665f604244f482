/** What the extractive generator says in its own words. */
export interface Phrases {
  readonly quotes: readonly [open: string, close: string];
  readonly innerQuotes: readonly [open: string, close: string];
  readonly sources: string;
  readonly summary: string;
  readonly more: string;
  readonly readMore: string;
  /** Which text this is, and how it was made. */
  readonly intro: (topic: string, sources: number) => string;
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
  intro: (topic, sources) =>
    `What ${sources === 1 ? 'one source says' : `${sources} sources say`} about ${topic}: ` +
    'a selection of their own sentences, quoted word for word. Nothing was added.',
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
  intro: (topic, sources) =>
    `Was ${sources === 1 ? 'eine Quelle' : `${sources} Quellen`} zum Thema ${topic} ` +
    `${sources === 1 ? 'sagt' : 'sagen'}: eine Auswahl ihrer eigenen Sätze, wörtlich zitiert. Nichts wurde hinzugefügt.`,
  greeting: (audience) => (audience === null ? 'Guten Tag,' : `Guten Tag ${audience},`),
  closing: 'Möchten Sie mehr wissen? Die Quellen erzählen die ganze Geschichte.',
};

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

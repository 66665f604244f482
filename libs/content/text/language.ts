/** Flesch's formula for a language: `base - perSentence × words a sentence - perWord × syllables a word`. */
export interface ReadingEase {
  readonly base: number;
  readonly perSentence: number;
  readonly perWord: number;
}

interface Language {
  /** BCP 47. */
  readonly locale: string;
  readonly ease?: ReadingEase;
}

const language = (locale: string, base?: number, perSentence = 0, perWord = 0): Language =>
  base === undefined ? { locale } : { locale, ease: { base, perSentence, perWord } };

/**
 * The languages of content, by the names of PostgreSQL's text search configurations. `simple` is any other language:
 * words as they are, no stop words. Formulas: Flesch 1948; Amstad 1978 (german), Kandel and Moles 1958 (french),
 * Fernández Huerta 1959 (spanish), Franchina and Vacca 1986 (italian), Douma 1960 (dutch), Oborneva 2006 (russian),
 * Martins et al. 1996 (portuguese).
 */
export const languages = {
  english: language('en', 206.835, 1.015, 84.6),
  german: language('de', 180, 1, 58.5),
  french: language('fr', 207, 1.015, 73.6),
  spanish: language('es', 206.84, 1.02, 60),
  italian: language('it', 217, 1.3, 60),
  dutch: language('nl', 206.84, 0.93, 77),
  portuguese: language('pt', 248.835, 1.015, 84.6),
  russian: language('ru', 206.835, 1.3, 60.1),
  danish: language('da'),
  finnish: language('fi'),
  hungarian: language('hu'),
  norwegian: language('nb'),
  romanian: language('ro'),
  swedish: language('sv'),
  turkish: language('tr'),
  simple: language('und'),
} as const satisfies Record<string, Language>;

export type ContentLanguage = keyof typeof languages;
export const contentLanguages = Object.keys(languages) as ContentLanguage[];

/** What is known of a language; of one that is not in the table, as much as of `simple`. */
export function languageOf(name: string): Language {
  return Object.hasOwn(languages, name) ? languages[name as ContentLanguage] : languages.simple;
}

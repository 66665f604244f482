import { wordsOf, writtenWordsOf } from './words.js';

/** What the words of some texts mean to a search: their stems, and which of them are stop words. */
export class Lexicon {
  /** @param stems by word in lower case; null: a stop word. Words that are missing stand for themselves. */
  constructor(private readonly stems: ReadonlyMap<string, string | null>) {}

  /** The terms of a text in order, repetitions included, stop words left out. */
  termsOf(text: string): string[] {
    const terms: string[] = [];
    for (const word of wordsOf(text)) {
      const stem = this.stems.get(word);
      if (stem !== null) terms.push(stem ?? word);
    }
    return terms;
  }

  /** The words of a text that mean something, by their term, each as it is first written there. */
  writtenForms(text: string): Map<string, string> {
    const forms = new Map<string, string>();
    for (const written of writtenWordsOf(text)) {
      const [term] = this.termsOf(written);
      if (term !== undefined && !forms.has(term)) forms.set(term, written);
    }
    return forms;
  }
}

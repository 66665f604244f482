import type { DataSource } from 'typeorm';
import { preparedQuery } from '@longhaul/persistence';
import type { SearchWords } from './search-words.js';

/** How alike two words must be, by their groups of three letters; pg_trgm's index looks no further by default. */
const alike = 0.3;

/** Looks for the words that somebody may have meant among the words of public titles. */
export class TitleSpelling {
  constructor(private readonly source: DataSource) {}

  /** The search with its unknown words replaced by the most alike ones; null when there are no better words. */
  async correct({ text, words }: SearchWords): Promise<string | null> {
    if (words.length === 0) return null;
    const nearest = await this.nearest(words);
    const corrected = text.replace(/[\p{L}\p{N}]+/gu, (word) => nearest.get(word.toLowerCase()) ?? word);
    return corrected.toLowerCase() === text.toLowerCase() ? null : corrected;
  }

  /** For each word the most alike one of a title, which may be the word itself. */
  private async nearest(words: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await preparedQuery<{ word: string; nearest: string }>(
      this.source.manager,
      `SELECT typed.word, best.word AS nearest FROM unnest($1::text[]) AS typed (word), LATERAL (
         SELECT word FROM title_words WHERE title_words.word % typed.word AND similarity(title_words.word, typed.word) >= ${alike}
         ORDER BY similarity(title_words.word, typed.word) DESC,
                  abs(length(title_words.word) - length(typed.word)), posts DESC, word LIMIT 1) best`,
      [words],
    );
    return new Map(rows.map(({ word, nearest }) => [word, nearest]));
  }
}

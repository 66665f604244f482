import type { DataSource } from 'typeorm';
import type { SearchWords } from './search-words.js';

/** How alike two words must be, by their groups of three letters; two letters that changed places leave about this much. */
const alike = 0.4;

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
  private nearest(words: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.source.transaction(async (manager) => {
      await manager.query(`SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)`, [String(alike)]);
      const rows = await manager.query<{ word: string; nearest: string }[]>(
        `SELECT typed.word, best.nearest FROM unnest($1::text[]) AS typed (word), LATERAL (
           SELECT nearest FROM (
             SELECT title FROM published_posts WHERE typed.word <% title
             ORDER BY typed.word <<-> title LIMIT 20) titles,
             regexp_split_to_table(lower(title), '[^[:alnum:]]+') nearest
           WHERE similarity(nearest, typed.word) >= 0.3
           ORDER BY similarity(nearest, typed.word) DESC,
                    abs(length(nearest) - length(typed.word)), nearest LIMIT 1) best`,
        [words],
      );
      return new Map(rows.map(({ word, nearest }) => [word, nearest]));
    });
  }
}

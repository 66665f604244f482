/** What somebody typed, taken apart for PostgreSQL. */
export interface SearchWords {
  /** For `websearch_to_tsquery`. */
  readonly text: string;
  /** The same for words as they are written; empty when words are excluded, since a stem would still match those. */
  readonly literal: string;
  /** All before the last word, and that word, which may not be finished; empty when it is part of something else. */
  readonly before: string;
  readonly begun: string;
  /** Words that can be looked up for their spelling. */
  readonly words: readonly string[];
}

const longestSearch = 200;
const mostWords = 6;

/** @returns null when nothing of it can be looked for. */
export function searchWords(typed: string): SearchWords | null {
  const text = typed
    .normalize('NFC')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, longestSearch);
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return null;
  const [, before = '', begun = ''] = /^(.*?)(?:^|(?<=\s))([\p{L}\p{N}]{2,})$/su.exec(text) ?? [];
  const inQuotes = (before.split('"').length - 1) % 2 === 1;
  const isOperator = begun.toLowerCase() === 'or';
  const taken = begun !== '' && !inQuotes && !isOperator;
  return {
    text,
    literal: /(^|\s)-/.test(text) ? '' : text,
    before: taken ? before.trim() : '',
    begun: taken ? begun : '',
    words: [...new Set(words.map((word) => word.toLowerCase()).filter((word) => word.length > 2))].slice(0, mostWords),
  };
}

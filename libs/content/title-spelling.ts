import type { DataSource, EntityManager } from 'typeorm';
import { preparedQuery } from '@longhaul/persistence';
import { publicLanguages } from './public-languages.js';
import type { SearchWords } from './search-words.js';
import { editDistance, swaps } from './text/edit-distance.js';

/** How alike words must be to be looked at, by their groups of three letters: one edit of four letters leaves 1/4. */
const alike = 0.2;
/** Words of titles that are looked at for each that was typed. */
const mostAlike = 50;
/** Letters of a word up to which one edit is all that is taken for a mistake; two of a longer one. */
const shortWord = 4;
/** Letters of each half of two words that were typed as one, and of both together at most. */
const shortestHalf = 3;
const longestPair = 30;
/** Places at which a word is taken apart, those with the longest known half first. */
const mostPairs = 2;

/** A word of titles that may have been meant. */
interface Candidate {
  readonly typed: string;
  readonly word: string;
  readonly posts: number;
}

interface Meant extends Candidate {
  readonly edits: number;
}

/** Looks for the words that somebody may have meant among the words of public titles. */
export class TitleSpelling {
  constructor(private readonly source: DataSource) {}

  /**
   * The search with its unknown words replaced by those of titles that take the fewest edits; null when there are none.
   * What is found by itself stays, whatever it looks like.
   */
  async correct({ text, words }: SearchWords): Promise<string | null> {
    if (words.length === 0) return null;
    const better = await this.source.transaction((manager) => betterWords(manager, words));
    const corrected = text.replace(/[\p{L}\p{N}]+/gu, (word) => better.get(word.toLowerCase()) ?? word);
    return corrected.toLowerCase() === text.toLowerCase() ? null : corrected;
  }
}

async function betterWords(manager: EntityManager, words: readonly string[]): Promise<ReadonlyMap<string, string>> {
  await manager.query(`SELECT set_config('pg_trgm.similarity_threshold', '${alike}', true)`);
  const meant = await nearest(manager, words);
  const unknown = words.filter((word) => meant.get(word)?.word !== word);
  const found = unknown.length === 0 ? [] : await foundInTexts(manager, unknown);
  const better = new Map<string, string>();
  for (const word of unknown.filter((typed) => !found.includes(typed))) {
    const instead = meant.get(word)?.word ?? (await twoWords(manager, word));
    if (instead !== undefined) better.set(word, instead);
  }
  return better;
}

/** For each word the one of a title that takes the fewest edits, which may be the word itself. */
async function nearest(manager: EntityManager, words: readonly string[]): Promise<ReadonlyMap<string, Meant>> {
  const swapped = words.flatMap((word) => swaps(word).map((other) => [word, other] as const));
  const candidates = await preparedQuery<Candidate>(
    manager,
    `SELECT typed.word AS typed, near.word, near.posts FROM unnest($1::text[]) AS typed (word), LATERAL (
       SELECT word, posts FROM title_words WHERE title_words.word % typed.word
       ORDER BY similarity(title_words.word, typed.word) DESC, word LIMIT ${mostAlike}) near
     UNION
     -- Two letters that changed places leave a short word next to nothing of its groups of three.
     SELECT swapped.typed, near.word, near.posts FROM unnest($2::text[], $3::text[]) AS swapped (typed, word), LATERAL (
       SELECT word, posts FROM title_words WHERE title_words.word LIKE swapped.word || '%'
         AND length(title_words.word) <= length(swapped.word) + 1 OFFSET 0) near`,
    [words, swapped.map(([word]) => word), swapped.map(([, other]) => other)],
  );
  const meant = new Map<string, Meant>();
  for (const candidate of candidates) {
    const edits = editsOf(candidate);
    const best = meant.get(candidate.typed);
    if (edits <= mostEdits(candidate.typed) && (best === undefined || isNearer({ ...candidate, edits }, best))) {
      meant.set(candidate.typed, { ...candidate, edits });
    }
  }
  return meant;
}

/** An ending of one letter counts for little: the search finds other forms of a word by its stem. */
function editsOf({ typed, word }: Candidate): number {
  const whole = editDistance(typed, word);
  return Math.min(whole, editDistance(typed, word.slice(0, -1)) + 0.5);
}

function mostEdits(typed: string): number {
  if (typed.length < shortWord) return 1;
  return typed.length === shortWord ? 1.5 : 2.5;
}

function isNearer(one: Meant, other: Meant): boolean {
  const lengths = [one, other].map(({ typed, word }) => Math.abs(typed.length - word.length));
  return (
    (one.edits - other.edits ||
      lengths[0] - lengths[1] ||
      other.posts - one.posts ||
      (one.word < other.word ? -1 : 1)) < 0
  );
}

/** Those of the words that a post has, in any of its forms, and those that no search looks for. */
async function foundInTexts(manager: EntityManager, words: readonly string[]): Promise<string[]> {
  const rows = await preparedQuery<{ word: string }>(
    manager,
    `WITH RECURSIVE ${publicLanguages}, asked AS MATERIALIZED (
       SELECT word, plainto_tsquery(language, word) AS stems,
              plainto_tsquery(language, word) && quote_literal(word_of_language(language))::tsquery AS query
       FROM unnest($1::text[]) AS word, unnest(ARRAY(SELECT language FROM languages WHERE language IS NOT NULL)) AS language)
     SELECT DISTINCT word FROM asked
     WHERE numnode(stems) = 0
        OR EXISTS (SELECT FROM published_texts WHERE search @@ asked.query)
        OR EXISTS (SELECT FROM published_posts WHERE search_front @@ asked.query)`,
    [words],
  );
  return rows.map(({ word }) => word);
}

/** Two words of titles that were typed as one; one of them as titles have it, but for an ending, the other with one mistake at most. */
async function twoWords(manager: EntityManager, typed: string): Promise<string | undefined> {
  if (typed.length > longestPair) return undefined;
  const pairs = splits(typed);
  const rows = await preparedQuery<{ word: string }>(
    manager,
    `SELECT DISTINCT half AS word FROM unnest($1::text[]) AS half, LATERAL (
       SELECT FROM title_words WHERE word LIKE half || '%' AND length(word) <= length(half) + 1 OFFSET 0) near`,
    [pairs.flat()],
  );
  const known = new Set(rows.map(({ word }) => word));
  const longestKnown = (pair: readonly string[]) =>
    Math.max(...pair.map((half) => (known.has(half) ? half.length : 0)));
  const likely = pairs
    .filter((pair) => longestKnown(pair) > 0)
    .sort((one, other) => longestKnown(other) - longestKnown(one))
    .slice(0, mostPairs);
  if (likely.length === 0) return undefined;
  const meant = await nearest(manager, [...new Set(likely.flat())]);
  const whole = likely.flatMap((pair) => {
    const halves = pair.map((half) => meant.get(half));
    const edits = halves.reduce((sum, half) => sum + (half?.edits ?? Infinity), 0);
    return edits < 2 ? [{ edits, words: halves.map((half) => half?.word).join(' ') }] : [];
  });
  return whole.sort((one, other) => one.edits - other.edits)[0]?.words;
}

function splits(typed: string): [string, string][] {
  const letters = Array.from(typed);
  const places = Math.max(0, letters.length - 2 * shortestHalf + 1);
  return Array.from({ length: places }, (_, place) => [
    letters.slice(0, place + shortestHalf).join(''),
    letters.slice(place + shortestHalf).join(''),
  ]);
}

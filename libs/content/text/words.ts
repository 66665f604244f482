import { languageOf } from './language.js';

/** The words of a text in lower case: runs of letters and digits, with the apostrophes and hyphens inside left out. */
export function wordsOf(text: string): string[] {
  return writtenWordsOf(text.normalize('NFKC').toLowerCase());
}

/** Scripts that put no blanks between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** The words of a text as they are written; by dictionary where nothing stands between them. */
export function writtenWordsOf(text: string): string[] {
  const runs: string[] = text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return unspaced.test(text) ? runs.flatMap((run) => (unspaced.test(run) ? segmented(run) : [run])) : runs;
}

function segmented(run: string): string[] {
  return [...segmenter.segment(run)].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment);
}

/** How many words a reader counts: runs of characters with a letter or a digit among them. */
export function countWords(text: string): number {
  let count = 0;
  for (const [run] of text.matchAll(/\S+/g)) {
    if (!/[\p{L}\p{N}]/u.test(run) || /^\[\d+\][.,;:]?$/.test(run)) continue;
    count += unspaced.test(run) ? writtenWordsOf(run).length : 1;
  }
  return count;
}

/** What ends with a title, or with an initial, goes on. It is as long as the longest of them, with what stands before. */
const unfinished = /(^|\s)(\p{Lu}|Dr|Mr|Mrs|Ms|Prof|St|No|vs)\.$/u;
const longestEnd = 20;

/** The sentences of a text, in order and trimmed, one by one: whoever has to let others in does so between them. */
export function* sentencesIn(text: string, language: string): Generator<string> {
  const segmenter = new Intl.Segmenter(languageOf(language).locale, { granularity: 'sentence' });
  let parts: string[] = [];
  for (const { segment } of segmenter.segment(text)) {
    const trimmed = segment.trim();
    // A citation stands behind the full stop of the sentence that it belongs to.
    const citation = /^(?:\[\d+\]\s*)+/.exec(trimmed)?.[0] ?? '';
    if (citation !== '' && parts.length > 0) parts.push(citation.trim());
    const sentence = trimmed.slice(citation.length);
    if (sentence === '') continue;
    // The rules of Unicode end a sentence at "e.g." or "Dr."; what goes on in lower case, or after a title, is one.
    const goesOn = /^\p{Ll}/u.test(sentence) || unfinished.test(parts.at(-1)?.slice(-longestEnd) ?? '');
    if (parts.length > 0 && !goesOn) {
      yield parts.join(' ');
      parts = [];
    }
    parts.push(sentence);
  }
  if (parts.length > 0) yield parts.join(' ');
}

/** Syllables as a reader hears them, roughly: groups of vowels, without the mute e of English and French. */
export function syllablesOf(word: string, language: string): number {
  const bare = language === 'english' || language === 'french' ? word.replace(/(?<=[^aeiouyl])e(s|d)?$/u, '') : word;
  const groups = bare
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .match(/[aeiouyæøœаеиоуыэюяё]+/giu);
  return Math.max(1, groups?.length ?? 0);
}

/** Overlapping runs of `size` words, each as one string. */
export function shinglesOf(text: string, size: number): string[] {
  const words = wordsOf(text);
  const shingles: string[] = [];
  for (let start = 0; start + size <= words.length; start += 1) {
    shingles.push(words.slice(start, start + size).join(' '));
  }
  return shingles;
}

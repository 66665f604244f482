import type { ContentSource } from '../version-hash.js';
import { allPhrases, type Phrases } from './phrases.js';
import { sentencesIn } from './words.js';

/** By sentence, with `#` for numbers. */
const fixed = new Set(
  allPhrases.flatMap(({ intro, closing }) =>
    [intro(1), intro(2), closing].flatMap((text) => [...sentencesIn(text, 'simple')].map(numberless)),
  ),
);
const greetings = allPhrases.map(({ greeting }) => greeting('\0').split('\0') as [string, string]);

/** Whether a sentence is one that a generator puts around what it writes: it states nothing on the subject. */
export function isFrame(sentence: string, sources: readonly ContentSource[] = []): boolean {
  const text = sentence.trim();
  return (
    fixed.has(numberless(text)) ||
    greetings.some(([before, after]) => text.startsWith(before) && text.endsWith(after)) ||
    /^(?:#[\p{L}\p{N}]+\s*)+$/u.test(text) ||
    allPhrases.some((phrases) => isReadMore(text, phrases, sources))
  );
}

/** Nothing but titles may stand behind it. */
function isReadMore(text: string, { readMore }: Phrases, sources: readonly ContentSource[]): boolean {
  if (!text.startsWith(readMore)) return false;
  const rest = sources.reduce((left, { title }) => left.replace(title, ''), text.slice(readMore.length));
  return !/[\p{L}\p{N}]/u.test(rest);
}

function numberless(text: string): string {
  return text.replace(/\d+/g, '#');
}

import type { ContentSource } from '../../version-hash.js';
import { isTechnical } from './context-free.js';

const longestHeading = 80;
/** Headings that stand over parts of any text. */
const generic =
  /^(introduction|overview|contents?|summary|conclusions?|notes?|details|more|home|faq|about( us)?|references|einleitung|überblick|inhalt|zusammenfassung|fazit|mehr|startseite|impressum|über uns)$/iu;

/** What a heading of a source may be called in another text, or null when it says nothing there. */
export function headingOf(heading: string | null): string | null {
  const words = (heading ?? '')
    .replace(/\s+/g, ' ')
    .replace(/[:\s#]+$/, '')
    .trim();
  const says =
    words.length <= longestHeading && /\p{L}{4}/u.test(words) && !/[.!…]$/.test(words) && !isTechnical(words);
  return says && !generic.test(words) ? words : null;
}

/** The titles of the sources without the name of the site that several of them end with. */
export function shortTitles(sources: readonly ContentSource[]): string[] {
  const ends = new Map<string, number>();
  const endOf = (title: string) => / [·|–—-] [^·|–—]{1,60}$/u.exec(title)?.[0] ?? null;
  for (const { title } of sources) {
    const end = endOf(title);
    if (end !== null) ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  return sources.map(({ title }) => {
    const end = endOf(title);
    return end !== null && (ends.get(end) ?? 0) > 1 ? title.slice(0, -end.length) : title;
  });
}

import { partsOf } from '../text/markdown-parts.js';
import { phrasesOf, sourcesHeadings } from '../text/phrases.js';
import { countWords } from '../text/words.js';
import { verdictOf, type TextView, type Verdict } from './text-view.js';

const summaryHeading =
  /summary|in short|conclusion|takeaway|key points|fazit|zusammenfassung|kurz gesagt|résumé|resumen/i;

/** Whether the text has what a reader of its format expects: its subject, a summary, its sources, a way to go on. */
export function completeness(view: TextView): Verdict {
  const { lexicon, topic, format, parts, sources, body } = view;
  const text = `${view.title}\n${parts.map((part) => part.text).join('\n')}`;
  const used = new Set(lexicon.termsOf(text));
  const missing = [...new Set(lexicon.termsOf(topic))].filter((term) => !used.has(term));
  const cites = /\[\d+\]/.test(text);
  const listsSources = partsOf(body).some(
    ({ kind, text: heading }) => kind === 'heading' && sourcesHeadings.has(heading.toLowerCase()),
  );
  const needsSummary = format === 'blog_post' || format === 'newsletter';
  return verdictOf(
    [
      [missing.length === 0, 40, `Nothing is said on ${missing.join(', ')}.`],
      [!needsSummary || hasSummary(view), 20, 'There is no summary.'],
      [sources.length === 0 || listsSources, 20, 'The sources are not listed.'],
      [sources.length === 0 || cites, 10, 'No source is cited.'],
      [format === 'blog_post' || callsToAction(view), 20, 'Nothing tells the reader how to go on.'],
    ],
    'All there that belongs to a text of this kind.',
  );
}

function hasSummary({ parts, language, headings }: TextView): boolean {
  const named = (text: string) => summaryHeading.test(text) || text === phrasesOf(language).summary;
  if (headings.some(({ text }) => named(text))) return true;
  // Or the text says in the first paragraph, in a few sentences, what it is about.
  const [first] = parts;
  if (first?.kind !== 'paragraph') return false;
  const words = countWords(first.text);
  return words >= 25 && words <= 90;
}

/** A link, or a question, near the end. */
function callsToAction({ prose }: TextView): boolean {
  return prose.slice(-3).some(({ text, linked }) => linked || /\?(\s|$)/.test(text));
}

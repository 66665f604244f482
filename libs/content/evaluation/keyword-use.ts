import { countWords } from '../text/words.js';
import { verdictOf, type TextView, type Verdict } from './text-view.js';

/** Percent of the words; more reads like an advertisement. */
const mostDensity = 4;

/** Times a phrase's terms come one after the other. */
function occurrences(terms: readonly string[], phrase: readonly string[]): number {
  if (phrase.length === 0) return 0;
  let count = 0;
  for (let at = 0; at + phrase.length <= terms.length; at += 1) {
    if (phrase.every((term, index) => terms[at + index] === term)) count += 1;
  }
  return count;
}

/** Whether the keyword stands where readers and search engines look for it, and neither too rarely nor too often. */
export function keywordUse(view: TextView): Verdict {
  const { lexicon, brief, topic, title, prose, headings, words } = view;
  const keyword = brief.primaryKeyword;
  const text = prose.map((part) => part.text).join('\n');
  if (keyword === null) {
    const wanted = new Set(lexicon.termsOf(topic));
    const used = new Set(lexicon.termsOf(`${title}\n${text}`));
    const found = [...wanted].filter((term) => used.has(term)).length;
    const share = wanted.size === 0 ? 1 : found / wanted.size;
    return {
      score: 100 * share,
      reason: `There is no keyword; ${found} of ${wanted.size} terms of the topic are used.`,
    };
  }
  const phrase = lexicon.termsOf(keyword);
  const within = (part: string) => occurrences(lexicon.termsOf(part), phrase) > 0;
  const count = occurrences(lexicon.termsOf(text), phrase);
  const density = words === 0 ? 0 : (100 * count * countWords(keyword)) / words;
  const beginning = text.split(/\s+/).slice(0, 120).join(' ');
  const needsHeading = headings.length > 0;
  return verdictOf(
    [
      [within(title), 25, 'The keyword is not in the title.'],
      [within(beginning), 20, 'The keyword is not in the first 120 words.'],
      [!needsHeading || headings.some((heading) => within(heading.text)), 10, 'No heading has the keyword.'],
      [count >= Math.max(1, Math.floor(words / 400)), 25, `The keyword comes ${count} times in ${words} words.`],
      [density <= mostDensity, 30, `The keyword makes up ${density.toFixed(1)} % of the text.`],
    ],
    `The keyword comes ${count} times, and in the title.`,
  );
}

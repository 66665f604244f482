import { countWords } from '../text/words.js';
import { verdictOf, type TextView, type Verdict } from './text-view.js';

/** Longest paragraph that reads well, in words. */
const longestParagraph = { blog_post: 150, newsletter: 120, email: 110, social_media: 90 };
/** Most words between two headings. */
const mostBetweenHeadings = 400;

/** Whether headings and paragraphs lead through the text. */
export function structure(view: TextView): Verdict {
  const { format, title, parts, prose, words, headings } = view;
  const longest = Math.max(0, ...prose.map(({ text }) => countWords(text)));
  const most = longestParagraph[format];
  const paragraphs: Check[] = [
    [title.trim() !== '' && title.length <= 120, 15, 'The title is missing or longer than 120 characters.'],
    [prose.length >= (words > most ? 2 : 1), 15, 'The text is one block.'],
    [longest <= most, 25, `A paragraph has ${longest} words; ${most} are easy to read.`],
  ];
  // Short texts of every kind, and messages, need no headings.
  if (words < 250 || format === 'email' || format === 'social_media') return verdictOf(paragraphs, 'Well arranged.');
  const gap = longestGap(view);
  const jump = headings.some(({ level }, index) => index > 0 && level > headings[index - 1].level + 1);
  return verdictOf(
    [
      ...paragraphs,
      [headings.length >= 2, 20, `There are ${headings.length} headings.`],
      [gap <= mostBetweenHeadings, 10, `${gap} words stand between two headings.`],
      [parts[0]?.kind !== 'heading', 10, 'The text begins without an introduction.'],
      [!jump, 5, 'A heading skips a level.'],
    ],
    `Well arranged under ${headings.length} headings.`,
  );
}

type Check = readonly [boolean, number, string];

function longestGap({ parts }: TextView): number {
  let gap = 0;
  let longest = 0;
  for (const { kind, text } of parts) {
    gap = kind === 'heading' ? 0 : gap + countWords(text);
    longest = Math.max(longest, gap);
  }
  return longest;
}

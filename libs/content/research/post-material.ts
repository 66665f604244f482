import { isFrame } from '../text/frames.js';
import { articleParts } from '../text/markdown-parts.js';
import { allPhrases } from '../text/phrases.js';
import { sentencesIn } from '../text/words.js';

const summaries = new Set(allPhrases.map(({ summary }) => summary));

/**
 * What a published text says, as material for another one: without its list of sources, its summary, which only repeats,
 * its marks of citation, and what a generator says of the text itself. Quotations stand without their marks: they are
 * what the post says, and cited from it.
 * @param body Markdown.
 */
export function postMaterial(body: string, language: string): string {
  const blocks: string[] = [];
  let inSummary = false;
  for (const { kind, text } of articleParts(body)) {
    if (kind === 'heading') {
      inSummary = summaries.has(text);
      if (!inSummary) blocks.push(`## ${text}`);
    } else if (!inSummary && !allPhrases.some(({ readMore }) => text.startsWith(readMore))) {
      const said = [...sentencesIn(text, language)].filter((sentence) => !isFrame(sentence));
      const passage = unquoted(said.join(' ').replace(/ ?\[\d{1,3}\]/g, ''));
      // What was left out stood between: no neighbours.
      blocks.push(...passage.split(/\s*\[…\]\s*/u).filter((part) => part !== ''));
    }
  }
  return blocks
    .filter((block, index) => !block.startsWith('## ') || blocks[index + 1]?.startsWith('## ') === false)
    .join('\n\n');
}

/** A paragraph that is one quotation, without its marks. */
function unquoted(paragraph: string): string {
  const text = paragraph.trim();
  const marks = allPhrases.find(({ quotes: [open, close] }) => text.startsWith(open) && text.endsWith(close));
  if (marks === undefined) return text;
  const inner = text.slice(marks.quotes[0].length, -marks.quotes[1].length);
  return marks.quotes.some((mark) => inner.includes(mark)) ? text : inner;
}

import { withoutSources } from '../../text/markdown-parts.js';
import { countWords } from '../../text/words.js';
import { GeneratorError } from '../generator.js';

/** A text with less of the wanted length than this is no answer. */
const leastShare = 0.2;

/**
 * Takes title and body out of what a model answered.
 * @param title for an answer without one; null: it must have one.
 * @throws GeneratorError for an answer that is no such text.
 */
export function readAnswer(answer: string, targetWords: number, title: string | null): { title: string; body: string } {
  const text = answer
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim()
    .replace(/^```(?:markdown|md)?\n([\s\S]*?)\n```$/, '$1')
    .trim();
  const [first] = text.split('\n', 1);
  const headed = first.startsWith('# ');
  const written = headed
    ? first
        .slice(2, 400)
        .replace(/[#*_`]|\[\d+\]/g, '')
        .trim()
    : '';
  const named = written || title;
  const rest = headed ? text.slice(first.length) : text;
  // One title is enough; what the model lists as sources is replaced by what it cites.
  const body = withoutSources(rest.replace(/^#(?=\s)/gm, '##'));
  if (named === null) throw new GeneratorError('The answer has no title.', true);
  if (countWords(body) < targetWords * leastShare) {
    throw new GeneratorError(`The answer has ${countWords(body)} words; ${targetWords} were asked for.`, true);
  }
  return { title: named.slice(0, 200).toWellFormed(), body };
}

import type { ContentBrief } from '../content-item.entity.js';
import type { ContentFormat } from '../content-state.js';
import type { Pace } from '../pace.js';
import type { SourceMaterial } from '../source-material.js';
import type { Lexicon } from '../text/lexicon.js';
import { articleParts, type TextPart } from '../text/markdown-parts.js';
import { countWords, sentencesIn } from '../text/words.js';
import type { ContentSource } from '../version-hash.js';

/** A text that is to be judged, and all that it is judged by. */
export interface JudgedText {
  readonly topic: string;
  readonly format: ContentFormat;
  readonly language: string;
  readonly brief: ContentBrief;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly sources: readonly ContentSource[];
  /** All that the research found, cited or not. */
  readonly material: readonly SourceMaterial[];
  /** Published texts on the same subject. */
  readonly archive: readonly { readonly title: string; readonly text: string }[];
  readonly lexicon: Lexicon;
}

/** A judged text, taken apart once for all criteria. */
export interface TextView extends JudgedText {
  /** Without the list of sources. */
  readonly parts: readonly TextPart[];
  readonly headings: readonly TextPart[];
  /** All but the headings. */
  readonly prose: readonly TextPart[];
  readonly sentences: readonly string[];
  /** Of the prose. */
  readonly words: number;
}

export async function viewOf(judged: JudgedText, pace: Pace): Promise<TextView> {
  const parts = articleParts(judged.body);
  const prose = parts.filter(({ kind }) => kind !== 'heading');
  const sentences: string[] = [];
  for (const { text } of prose) {
    for (const sentence of sentencesIn(text, judged.language)) {
      sentences.push(sentence);
      await pace();
    }
  }
  return {
    ...judged,
    parts,
    headings: parts.filter(({ kind }) => kind === 'heading'),
    prose,
    sentences,
    words: prose.reduce((sum, { text }) => sum + countWords(text), 0),
  };
}

/** A verdict of one criterion. */
export interface Verdict {
  /** 0–100. */
  readonly score: number;
  /** A sentence. */
  readonly reason: string;
}

/** A straight line between two points, level outside of them. */
export function scaled(
  value: number,
  from: readonly [value: number, score: number],
  to: readonly [value: number, score: number],
): number {
  const share = Math.min(1, Math.max(0, (value - from[0]) / (to[0] - from[0])));
  return from[1] + share * (to[1] - from[1]);
}

/** A share of points that were reached, and what was missed, as a verdict. */
export function verdictOf(
  checks: readonly (readonly [holds: boolean, points: number, missing: string])[],
  praise: string,
): Verdict {
  const all = checks.reduce((sum, [, points]) => sum + points, 0);
  const reached = checks.reduce((sum, [holds, points]) => sum + (holds ? points : 0), 0);
  const missing = checks.filter(([holds]) => !holds).map(([, , sentence]) => sentence);
  return { score: (100 * reached) / all, reason: missing.length === 0 ? praise : missing.join(' ') };
}

import { paceOf, type Pace } from '../pace.js';
import { type Quality, type QualityCriterion } from '../quality.js';
import { completeness } from './completeness.js';
import { grounding } from './grounding.js';
import { keywordUse } from './keyword-use.js';
import { lengthFit } from './length-fit.js';
import { originality } from './originality.js';
import { readability } from './readability.js';
import { structure } from './structure.js';
import { viewOf, type JudgedText, type TextView, type Verdict } from './text-view.js';

/** Judges one thing of a text. */
type Criterion = (view: TextView, pace: Pace) => Verdict | Promise<Verdict>;

/** Every criterion with its weight; the weights add up to 1. */
const criteria: Readonly<Record<QualityCriterion, readonly [weight: number, judge: Criterion]>> = {
  readability: [0.15, readability],
  structure: [0.15, structure],
  keyword_use: [0.1, keywordUse],
  length_fit: [0.15, lengthFit],
  grounding: [0.2, grounding],
  originality: [0.1, originality],
  completeness: [0.15, completeness],
};

/**
 * Judges a text; the same text in the same surroundings always gets the same verdict.
 * @throws the reason of the signal.
 */
export async function evaluate(judged: JudgedText, signal: AbortSignal): Promise<Quality> {
  const pace = paceOf(signal);
  const view = await viewOf(judged, pace);
  const verdicts: Quality['criteria'][number][] = [];
  for (const [name, [weight, judge]] of Object.entries(criteria)) {
    await pace();
    const { score, reason } = await judge(view, pace);
    verdicts.push({ name: name as QualityCriterion, score: Math.round(score), weight, reason });
  }
  const mean = verdicts.reduce((sum, { score, weight }) => sum + score * weight, 0);
  return { score: Math.round(mean * 10) / 10, criteria: verdicts };
}

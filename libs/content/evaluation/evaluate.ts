import { type Quality, type QualityCriterion } from '../quality.js';
import { completeness } from './completeness.js';
import { grounding } from './grounding.js';
import { keywordUse } from './keyword-use.js';
import { lengthFit } from './length-fit.js';
import { originality } from './originality.js';
import { readability } from './readability.js';
import { structure } from './structure.js';
import { viewOf, type JudgedText, type TextView, type Verdict } from './text-view.js';

/** Every criterion with its weight; the weights add up to 1. */
const criteria: Readonly<Record<QualityCriterion, readonly [weight: number, judge: (view: TextView) => Verdict]>> = {
  readability: [0.15, readability],
  structure: [0.15, structure],
  keyword_use: [0.1, keywordUse],
  length_fit: [0.15, lengthFit],
  grounding: [0.2, grounding],
  originality: [0.1, originality],
  completeness: [0.15, completeness],
};

/** Judges a text; the same text in the same surroundings always gets the same verdict. */
export function evaluate(judged: JudgedText): Quality {
  const view = viewOf(judged);
  const verdicts = Object.entries(criteria).map(([name, [weight, judge]]) => {
    const { score, reason } = judge(view);
    return { name: name as QualityCriterion, score: Math.round(score), weight, reason };
  });
  const mean = verdicts.reduce((sum, { score, weight }) => sum + score * weight, 0);
  return { score: Math.round(mean * 10) / 10, criteria: verdicts };
}

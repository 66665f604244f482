/** What a text is judged by. */
export const qualityCriteria = [
  'readability',
  'structure',
  'keyword_use',
  'length_fit',
  'grounding',
  'originality',
  'completeness',
] as const;
export type QualityCriterion = (typeof qualityCriteria)[number];

/** A verdict on a version's text, as it is recorded with it. */
export interface Quality {
  /** 0–100: the mean of the criteria by their weights. */
  readonly score: number;
  readonly criteria: readonly {
    readonly name: QualityCriterion;
    /** 0–100. */
    readonly score: number;
    /** Share of the whole, 0–1; all of them add up to 1. */
    readonly weight: number;
    /** Why, in a sentence. */
    readonly reason: string;
  }[];
}

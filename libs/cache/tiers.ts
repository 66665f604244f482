/** Seconds that an answer stays fresh, by what it is about. */
export const tiers = {
  /** Answers to what somebody looked for. */
  query: 30 * 60,
  /** How people are called. Never what they may do: no stale answer authorises anything. */
  user: 5 * 60,
  /** Counts and rates. */
  metrics: 60,
  /** What was published. */
  content: 2 * 60 * 60,
  /** What a release knows about itself or about the models it uses. */
  model: 24 * 60 * 60,
  default: 60 * 60,
} as const;
export type Tier = keyof typeof tiers;
export const tierNames = Object.keys(tiers) as Tier[];

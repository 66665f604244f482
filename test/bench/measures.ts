/** Numbers by name. The last word of a name is its unit: `jobs_per_second`, `p99_ms`, `client_kb`. */
export type Values = Readonly<Record<string, number>>;

/** What one contender did in one round. */
export interface Round {
  readonly values: Values;
  /** CPU time of each process for one unit of the work (a request, a job), in microseconds. */
  readonly cpu: Values;
}

/** Longhaul, or a peer of it, ready to be measured. */
export interface Contender {
  readonly name: string;
  /** Measures once; the rounds of all contenders of a case alternate. @throws Error when the work was not done right. */
  readonly round: () => Promise<Round>;
}

export interface ContenderResult {
  readonly contender: string;
  readonly rounds: readonly Round[];
}

/** One situation in which contenders were measured; the first one is the one that the others are compared with. */
export interface CaseResult {
  readonly name: string;
  readonly contenders: readonly ContenderResult[];
}

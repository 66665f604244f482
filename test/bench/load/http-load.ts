/** Requests that a load process makes in a closed loop: each connection sends the next one when it has its answer. */
export interface HttpLoad {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly connections: number;
  /** Answers before this are not counted. */
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** So many requests instead, all of them counted, without warming up. */
  readonly amount?: number;
  /** Taken in turns. */
  readonly paths: readonly string[];
  /** Access tokens, taken in turns; none: no Authorization header. */
  readonly tokens: readonly string[];
  /** JSON in which every `%n` becomes the number of the request. */
  readonly body?: string;
  /** Gives every request an Idempotency-Key of its own. */
  readonly idempotent?: boolean;
  /** The status of every answer; any other one fails the measurement. */
  readonly expect: number;
}

/** What came of it. Times are in milliseconds. */
export interface HttpLoadResult {
  readonly answers: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Wall clock at the first request. */
  readonly startedAt: number;
}

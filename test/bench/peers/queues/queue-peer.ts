/** A queue library, used as its guide says, whose handler does nothing. */
export interface QueuePeer {
  /** Makes its tables and queues; called once, by one process. */
  prepare(): Promise<void>;
  /** Adds one job. */
  add(number: number): Promise<unknown>;
  /** Adds many in the way that the library has for it. */
  addMany(numbers: readonly number[]): Promise<unknown>;
  /** Adds one job and waits until it is seen to have ended, if the library has a way for that. */
  addAndWait?(number: number): Promise<unknown>;
  /** Runs jobs from now on, so many at once. @param onEnd called at the end of each. */
  work(concurrency: number, onEnd: () => void): Promise<void>;
}

/** Where a peer keeps its jobs. */
export interface Places {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

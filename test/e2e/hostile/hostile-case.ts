/**
 * One hostile HTTP request, and what must come of it. Texts hold placeholders in braces, which the stage fills in.
 * Besides what is named here every answer is checked for: alive, in time, problem+json, no 5xx, nothing given away.
 */
export interface HostileCase {
  readonly id: string;
  readonly title: string;
  /** GET unless named. */
  readonly method?: string;
  readonly path: string;
  /** `user` unless named; `token:<name>` is made by the token forge, `raw:<text>` is the header as it stands. */
  readonly as?: 'nobody' | 'user' | 'editor' | 'admin' | `token:${string}` | `raw:${string}`;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON with its type; text and bytes as they are, with the headers that are named. */
  readonly body?: object | string | (() => string | Buffer);
  readonly status: readonly number[];
  /** `code` of the problem document. */
  readonly code?: string;
  /** Statuses of success may come with so many new jobs; none unless named. */
  readonly newJobs?: number;
  readonly checks?: readonly CheckName[];
}

/** Checks that some cases need beyond those of every case; they are in checks.ts. */
export type CheckName =
  | 'as-for-a-random-id'
  | 'denial-is-logged'
  | 'no-foreign-tasks'
  | 'links-use-public-url'
  | 'no-cors'
  | 'request-id-is-ours'
  | 'task-unchanged'
  | 'content-unchanged'
  | 'memory-is-bounded'
  | 'kind-is-the-last-one'
  | 'tells-only-ok';

/** One address that a job must not fetch. */
export interface ScrapeCase {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  /** What the task ends with, if it is accepted; `url_blocked` unless named. */
  readonly error?: string;
}

/** One piece of text as the head and body of a raw connection. */
export interface RawCase {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly status: readonly number[];
}

export interface NotApplicable {
  readonly id: string;
  readonly title: string;
  readonly reason: string;
}

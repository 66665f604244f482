import { transitions, type JobStatus, type TransitionName } from './job-status.js';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Types of events: every transition, and what a running attempt says of itself. */
export const jobEventTypes = [...(Object.keys(transitions) as TransitionName[]), 'progress', 'log'] as const;
export type JobEventType = TransitionName | 'progress' | 'log';

/** How far a job has come. `percent` is 0–100. */
export interface JobProgress {
  readonly percent: number;
  readonly current: number | null;
  readonly total: number | null;
  readonly message: string | null;
}

/** Why a job or an attempt ended badly. `code` is a word of the table in job-errors.ts, or the kind's own. */
export interface JobError {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** One durable line of a job's history. `seq` counts 1, 2, 3 … within its job, without gaps. */
export interface JobEvent {
  readonly jobId: string;
  readonly seq: number;
  readonly type: JobEventType;
  readonly level: LogLevel;
  readonly message: string | null;
  /** `progress`: a {@link JobProgress}; endings: `{ error }`; `retry_scheduled`: `{ error, run_at }`; and so on. */
  readonly data: Record<string, unknown> | null;
  /** Who caused it: a user's id, `worker:<id>` or `reconciler`. */
  readonly actor: string;
  readonly at: Date;
}

/** The status that a job has right after an event. Only a running attempt reports progress and logs. */
export function statusAfter(type: JobEventType): JobStatus {
  return type === 'progress' || type === 'log' ? 'RUNNING' : transitions[type].to;
}

/** Every status a job can have; the database CHECK, the docs and the OpenAPI enum are tested against this list. */
export const jobStatuses = ['PENDING', 'RUNNING', 'SUCCESS', 'FAILED', 'CANCELLED'] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** Statuses that end a job. None is ever left, but for an admin's requeue of a FAILED job. */
export const terminalStatuses = ['SUCCESS', 'FAILED', 'CANCELLED'] as const satisfies readonly JobStatus[];

export function isTerminal(status: JobStatus): boolean {
  return (terminalStatuses as readonly JobStatus[]).includes(status);
}

/**
 * A change of a job: from which statuses it may start, where it leads, and the type of the event that records it. An end
 * stays as it is when it is discarded: only the decision is added.
 */
export interface Transition {
  readonly from: readonly JobStatus[];
  readonly to: JobStatus;
}

/**
 * The whole state machine. Each name is also the type of the event written by the same statement, and each transition
 * is one method of the JobStore.
 */
export const transitions = {
  submitted: { from: [], to: 'PENDING' },
  started: { from: ['PENDING'], to: 'RUNNING' },
  succeeded: { from: ['RUNNING'], to: 'SUCCESS' },
  failed: { from: ['RUNNING'], to: 'FAILED' },
  retry_scheduled: { from: ['RUNNING'], to: 'PENDING' },
  handed_over: { from: ['RUNNING'], to: 'PENDING' },
  recovered: { from: ['RUNNING'], to: 'PENDING' },
  cancelled: { from: ['PENDING', 'RUNNING'], to: 'CANCELLED' },
  requeued: { from: ['FAILED'], to: 'PENDING' },
  discarded: { from: ['FAILED'], to: 'FAILED' },
} as const satisfies Record<string, Transition>;
export type TransitionName = keyof typeof transitions;

export function mayMove(from: JobStatus, transition: TransitionName): boolean {
  return (transitions[transition].from as readonly JobStatus[]).includes(from);
}

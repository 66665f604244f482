import {
  jobEventTypes,
  jobStatuses,
  terminalStatuses,
  transitions,
  type JobEventType,
  type JobStatus,
} from '@longhaul/jobs';
import { code, generated, table } from './markdown.js';

const statusMeanings: Record<JobStatus, string> = {
  PENDING: 'Waits for its time (`run_at`) or for a free worker.',
  RUNNING: 'A worker holds its lease and runs an attempt.',
  SUCCESS: 'Ended with a result.',
  FAILED: 'Ended with an `error`; an admin may requeue or discard it.',
  CANCELLED: 'Ended by a cancel.',
};

const eventMeanings: Record<JobEventType, string> = {
  submitted: 'The task was accepted; always its first event.',
  started: 'A worker began an attempt.',
  succeeded: 'The attempt returned a result.',
  failed: 'The attempt failed for good, or it was the last one; or the task ran into its timeout or was quarantined.',
  retry_scheduled: 'The attempt failed, and another one is due after a while.',
  handed_over: 'The worker stopped, or could not prove its lease: another one goes on. Uses up no attempt.',
  recovered: 'The worker vanished, and its lease ran out: another one goes on. Uses up no attempt.',
  cancelled: 'Somebody cancelled it.',
  requeued: 'An admin opened a new round of a failed task, with a new budget of attempts.',
  discarded: 'An admin decided that the failure needs nothing more, and said why; the task stays FAILED.',
  progress: 'How far it has come, at most about four times a second.',
  log: 'A line of its log.',
};

/** Statuses, transitions and events, as the engine has them. */
export function statesPage(): string {
  const moves = Object.entries<{ from: readonly JobStatus[]; to: JobStatus }>(transitions);
  return `${generated}

# States and events

A task has one status. Each change of it is a transition, recorded by an event of the same name in the same database
statement.

## Statuses

${table(
  ['status', 'meaning', 'final'],
  jobStatuses.map((status) => [
    code(status),
    statusMeanings[status],
    (terminalStatuses as readonly JobStatus[]).includes(status) ? 'yes' : '',
  ]),
)}

## Transitions

\`\`\`mermaid
stateDiagram-v2
${moves.flatMap(([name, { from, to }]) => (from.length > 0 ? from : ['[*]']).map((start) => `    ${start} --> ${to}: ${name}`)).join('\n')}
\`\`\`

${table(
  ['transition', 'from', 'to'],
  moves.map(([name, { from, to }]) => [code(name), from.map(code).join(', ') || 'nothing', code(to)]),
)}

## Events

Events of a task are numbered 1, 2, 3 … without gaps. They are what SSE sends and what \`GET /tasks/{id}/events\` lists;
a fresh stream begins with a \`snapshot\`, which is no event and carries the number of the newest one.

${table(
  ['type', 'meaning'],
  jobEventTypes.map((type) => [code(type), eventMeanings[type]]),
)}
`;
}

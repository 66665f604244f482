import type { TaskEvent } from './apply-event.js';
import type { Task, TaskStatus } from './task-filter.js';
import type { HistoryEvent } from './timeline.js';

/** Milliseconds of the time that the tests begin at. */
export const start = Date.parse('2026-01-31T12:00:00.000Z');

const time = (seconds: number) => new Date(start + seconds * 1_000).toISOString();

/** Id of the task with a number: later ones are greater. */
export function idOf(number: number): string {
  return `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

export function makeTask(number: number, status: TaskStatus, more: Partial<Task> = {}): Task {
  const progress = { percent: 0, current: null, total: null, message: null };
  return {
    ...{ task_id: idOf(number), task_type: 'simulation', status, progress, owner_id: 'ada', metadata: {} },
    ...{ created_at: time(0), run_at: time(0), started_at: null, completed_at: null, retry_count: 0, max_attempts: 3 },
    ...{ result_payload: null, error: null, queue: null, trace_id: null, logs: [] },
    links: { self: '', stream: '', logs: '', events: '' },
    ...more,
  };
}

/** @param second after the start. */
export function makeEvent(
  type: TaskEvent['type'],
  status: TaskStatus,
  second = 0,
  more: Partial<TaskEvent> = {},
): TaskEvent {
  const nothing = { progress: null, message: null, level: null, result: null, error: null };
  return { task_id: idOf(1), type, status, seq: second + 1, timestamp: time(second), ...nothing, ...more };
}

/** An event of the history: an event with who caused it. */
export function makeHistory(
  type: HistoryEvent['type'],
  second: number,
  more: Partial<HistoryEvent> = {},
): HistoryEvent {
  return { ...makeEvent(type, 'RUNNING', second), actor: 'worker-1', ...more };
}

export const failure = { code: 'simulated_failure', message: 'It failed.', retryable: true };

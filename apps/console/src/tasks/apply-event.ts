import type { Schemas } from '../api/client.js';
import type { Task } from './task-filter.js';

export type TaskEvent = Schemas['StreamEventDto'];

const endings = new Set<Task['status']>(['SUCCESS', 'FAILED', 'CANCELLED']);

export function hasEnded({ status }: Pick<Task, 'status'>): boolean {
  return endings.has(status);
}

/** The task after an event of its stream. */
export function applyEvent(task: Task, event: TaskEvent): Task {
  if (event.type === 'log') return task;
  if (event.type === 'progress') return { ...task, status: event.status, progress: event.progress ?? task.progress };
  const done = event.type === 'succeeded' ? { ...task.progress, percent: 100 } : task.progress;
  return {
    ...task,
    status: event.status,
    progress: done,
    error: event.error ?? (event.type === 'succeeded' ? null : task.error),
    result_payload: event.result ?? task.result_payload,
    started_at: event.type === 'started' ? (task.started_at ?? event.timestamp) : task.started_at,
    completed_at: completedAt(task, event),
    retry_count: task.retry_count + (event.type === 'retry_scheduled' ? 1 : 0),
    queue: event.status === 'PENDING' ? task.queue : null,
  };
}

function completedAt(task: Task, { type, status, timestamp }: TaskEvent): string | null {
  if (!hasEnded({ status })) return null;
  return type === 'discarded' ? task.completed_at : timestamp;
}

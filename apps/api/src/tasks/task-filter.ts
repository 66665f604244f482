import { mayListAll, type Principal } from '@longhaul/auth';
import { statusAfter, transitions, type LogEvent, type JobFilter, type JobStatus } from '@longhaul/jobs';
import { Problem } from '../problems/problem.js';
import { parseTime } from '../validation/rules.js';
import type { TaskFilterDto } from './list-tasks.dto.js';

const defaultLimit = 50;

/**
 * What the caller asked for, narrowed to what it may see.
 * @throws Problem `forbidden` when somebody who is no admin asks for another owner.
 */
export function filterFor(principal: Principal, query: TaskFilterDto): JobFilter {
  const { owner_id: asked } = query;
  const all = mayListAll(principal);
  if (!all && asked !== undefined && asked !== principal.subject) {
    throw new Problem('forbidden', 'Only admins may list tasks of others.');
  }
  return {
    limit: query.limit ?? defaultLimit,
    ...withValue('ownerId', all ? asked : principal.subject),
    ...withValue('status', query.status),
    ...withValue('kind', query.task_type),
    ...withValue('createdAfter', timeOf(query.created_after)),
    ...withValue('createdBefore', timeOf(query.created_before)),
    ...withValue('q', query.q),
  };
}

function timeOf(text: string | undefined): Date | null {
  return text === undefined ? null : parseTime(text);
}

function withValue<Key extends string, Value>(key: Key, value: Value): { [K in Key]?: NonNullable<Value> } {
  return (value === undefined || value === null ? {} : { [key]: value }) as { [K in Key]?: NonNullable<Value> };
}

/**
 * Whether those who watch through a filter must hear of an event. A task that leaves the wanted statuses by this very
 * event is reported once more. `q` is not looked at: it needs the job itself.
 */
export function concerns(event: LogEvent, filter: JobFilter): boolean {
  if (filter.ownerId !== undefined && event.ownerId !== filter.ownerId) return false;
  if (filter.kind !== undefined && !filter.kind.includes(event.kind)) return false;
  if (filter.createdAfter !== undefined && event.createdAt <= filter.createdAfter) return false;
  if (filter.createdBefore !== undefined && event.createdAt >= filter.createdBefore) return false;
  return filter.status === undefined || touches(event, filter.status);
}

function touches({ type }: LogEvent, wanted: readonly JobStatus[]): boolean {
  if (wanted.includes(statusAfter(type))) return true;
  if (type === 'progress' || type === 'log') return false;
  return transitions[type].from.some((status) => wanted.includes(status));
}

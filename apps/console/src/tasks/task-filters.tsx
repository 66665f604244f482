import { Group, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { serverNow } from '../api/server-clock.js';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { SearchField } from '../ui/search-field.js';
import { given } from '../ui/search-params.js';
import { OwnerFilter } from '../users/owner-filter.js';
import type { TaskSearch } from './task-filter.js';
import { useTaskTypes } from './use-task-types.js';

const hourMs = 3_600_000;
const ranges = { hour: hourMs, day: 24 * hourMs, week: 7 * 24 * hourMs } as const;

/** Search, kind, time and, for admins, owner: all of it in the address. */
export function TaskFilters({ search }: { readonly search: TaskSearch }) {
  const navigate = useNavigate();
  const { roles } = useUser();
  const { data: types = [] } = useTaskTypes();
  /** @param replace whether the way back skips the list as it was: not each letter is a step. */
  const change = (changed: { [Key in keyof TaskSearch]: TaskSearch[Key] | undefined }, replace = false) =>
    void navigate({ to: '/tasks', search: given<TaskSearch>({ ...search, ...changed }), replace });
  return (
    <Group gap="xs" mb="md">
      <SearchField
        label={texts.tasks.search}
        placeholder={texts.tasks.searchPlaceholder}
        value={search.q ?? ''}
        onChange={(q) => change({ q }, true)}
      />
      <Select
        w={190}
        aria-label={texts.tasks.kind}
        placeholder={texts.tasks.anyKind}
        clearable
        data={types.map(({ task_type: value, title: label }) => ({ value, label }))}
        value={search.type ?? null}
        onChange={(type) => change({ type: type ?? undefined })}
      />
      <Select
        w={160}
        aria-label={texts.tasks.created}
        placeholder={texts.tasks.anyTime}
        clearable
        data={Object.entries(texts.tasks.ranges).map(([value, label]) => ({ value, label }))}
        value={rangeOf(search)}
        onChange={(range) => change({ after: startOf(range), before: undefined })}
      />
      {roles.includes('admin') && <OwnerFilter owner={search.owner} onChange={(owner) => change({ owner })} />}
    </Group>
  );
}

function startOf(range: string | null): string | undefined {
  return range !== null && range in ranges
    ? new Date(serverNow() - ranges[range as keyof typeof ranges]).toISOString()
    : undefined;
}

/** The range that began about as long ago. */
function rangeOf({ after }: TaskSearch): string | null {
  if (after === undefined) return null;
  const age = serverNow() - Date.parse(after);
  return Object.entries(ranges).find(([, length]) => age < length * 1.5)?.[0] ?? 'week';
}

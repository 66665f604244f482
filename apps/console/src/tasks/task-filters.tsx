import { CloseButton, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { SearchIcon } from '../ui/icons.js';
import type { TaskSearch } from './task-filter.js';
import { useTaskTypes } from './use-task-types.js';

const typingMs = 300;
const hourMs = 3_600_000;
const ranges = { hour: hourMs, day: 24 * hourMs, week: 7 * 24 * hourMs } as const;

/** Search, kind, time and, for admins, owner: all of it in the address. */
export function TaskFilters({ search }: { readonly search: TaskSearch }) {
  const navigate = useNavigate();
  const { id, roles } = useUser();
  const { data: types = [] } = useTaskTypes();
  const change = (changed: { [Key in keyof TaskSearch]: TaskSearch[Key] | undefined }) => {
    const next = Object.fromEntries(Object.entries({ ...search, ...changed }).filter(([, value]) => value));
    void navigate({ to: '/tasks', search: next, replace: true });
  };
  return (
    <Group gap="xs" mb="md">
      <SearchField key={search.q ?? ''} value={search.q ?? ''} onChange={(q) => change({ q })} />
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
      {roles.includes('admin') && (
        <Select
          w={160}
          aria-label={texts.tasks.owner}
          placeholder={texts.tasks.anyOwner}
          clearable
          data={ownersFor(id, search.owner)}
          value={search.owner ?? null}
          onChange={(owner) => change({ owner: owner ?? undefined })}
        />
      )}
    </Group>
  );
}

function ownersFor(own: string, chosen: string | undefined) {
  const owners = [{ value: own, label: texts.tasks.ownOnly }];
  return chosen === undefined || chosen === own ? owners : [...owners, { value: chosen, label: chosen }];
}

function startOf(range: string | null): string | undefined {
  return range !== null && range in ranges
    ? new Date(Date.now() - ranges[range as keyof typeof ranges]).toISOString()
    : undefined;
}

/** The range that began about as long ago. */
function rangeOf({ after }: TaskSearch): string | null {
  if (after === undefined) return null;
  const age = Date.now() - Date.parse(after);
  return Object.entries(ranges).find(([, length]) => age < length * 1.5)?.[0] ?? 'week';
}

function SearchField({ value, onChange }: { readonly value: string; readonly onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(value);
  const later = useDebouncedCallback((text: string) => onChange(text.trim()), typingMs);
  const type = (text: string) => {
    setTyped(text);
    later(text);
  };
  return (
    <TextInput
      type="search"
      flex="1 1 220px"
      maw={420}
      maxLength={200}
      aria-label={texts.tasks.search}
      placeholder={texts.tasks.searchPlaceholder}
      leftSection={<SearchIcon size={16} />}
      rightSection={
        typed !== '' && <CloseButton size="sm" aria-label={texts.tasks.clearSearch} onClick={() => type('')} />
      }
      value={typed}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}

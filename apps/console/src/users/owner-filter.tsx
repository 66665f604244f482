import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, unwrap } from '../api/client.js';
import { useName } from '../api/use-name.js';
import { useConsoleConfig } from '../session/use-console-config.js';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';

const typingMs = 200;
const staleMs = 60_000;
const mostShown = 20;

interface OwnerFilterProps {
  /** Id of the one whose things are shown; everybody's when left out. */
  readonly owner: string | undefined;
  readonly onChange: (owner: string | undefined) => void;
}

/** Everybody's, one's own or, for admins of the built-in issuer's users, somebody's who is found by name. */
export function OwnerFilter({ owner, onChange }: OwnerFilterProps) {
  const user = useUser();
  const [typed, type] = useState('');
  const [q] = useDebouncedValue(typed.trim(), typingMs);
  const found = useFound(q);
  const name = useName(owner ?? '');
  const others = new Map(found.map(({ id, username }) => [id, username]));
  if (owner !== undefined) others.set(owner, others.get(owner) ?? name ?? owner);
  others.delete(user.id);
  const data = [
    { value: user.id, label: texts.owners.own },
    ...Array.from(others, ([value, label]) => ({ value, label })),
  ];
  return (
    <Select
      w={160}
      aria-label={texts.owners.label}
      placeholder={texts.owners.anybody}
      nothingFoundMessage={texts.owners.nobody}
      clearable
      searchable
      onSearchChange={type}
      data={data}
      value={owner ?? null}
      onChange={(value) => onChange(value ?? undefined)}
    />
  );
}

/** The first users by name whose name holds a text. */
function useFound(q: string) {
  const user = useUser();
  const config = useConsoleConfig();
  const query = { limit: mostShown, ...(q !== '' && { q }) };
  const { data = [] } = useQuery({
    queryKey: ['users', 'found', query],
    queryFn: ({ signal }) => unwrap(api.GET('/admin/users', { params: { query }, signal })),
    staleTime: staleMs,
    enabled: user.roles.includes('admin') && config?.issuer === 'local',
  });
  return data;
}

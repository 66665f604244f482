import { Group, Select, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Review } from '../content/content.js';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { FilterChip } from '../ui/filter-chip.js';
import { given } from '../ui/search-params.js';
import { day, type AuditSearch, type Decision } from './audit-search.js';

interface AuditFiltersProps {
  readonly search: AuditSearch;
  /** What is shown: those who decided can be chosen from it. */
  readonly reviews: readonly Review[];
}

/** Decision, actor, days and one item: all of it in the address. */
export function AuditFilters({ search, reviews }: AuditFiltersProps) {
  const navigate = useNavigate();
  const user = useUser();
  const change = (changed: { [Key in keyof AuditSearch]: AuditSearch[Key] | undefined }) =>
    void navigate({ to: '/audit', search: given<AuditSearch>({ ...search, ...changed }), replace: true });
  const actors = new Map([
    [user.id, texts.tasks.you],
    ...reviews.filter(({ actor_id: id }) => id !== user.id).map((review) => [review.actor_id, nameOf(review)] as const),
  ]);
  if (search.actor !== undefined && !actors.has(search.actor)) actors.set(search.actor, search.actor);
  return (
    <Group gap="xs" mb="md" align="end">
      <Select
        w={160}
        label={texts.audit.decision}
        placeholder={texts.audit.anyDecision}
        clearable
        data={Object.entries(texts.audit.decisions).map(([value, label]) => ({ value, label }))}
        value={search.decision ?? null}
        onChange={(decision) => change({ decision: (decision ?? undefined) as Decision | undefined })}
      />
      <Select
        w={160}
        label={texts.audit.actor}
        placeholder={texts.audit.anybody}
        clearable
        searchable
        data={[...actors].map(([value, label]) => ({ value, label }))}
        value={search.actor ?? null}
        onChange={(actor) => change({ actor: actor ?? undefined })}
      />
      <Day label={texts.audit.from} value={search.from} onChange={(from) => change({ from })} />
      <Day label={texts.audit.to} value={search.to} onChange={(to) => change({ to })} />
      {search.content !== undefined && (
        <FilterChip label={texts.audit.oneContent} onRemove={() => change({ content: undefined })} />
      )}
    </Group>
  );
}

function nameOf({ actor_id: id, actor_name: name }: Review): string {
  return name ?? id;
}

interface DayProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (day: string | undefined) => void;
}

/** Keeps what is typed until it is a day: on the way to 2026, a browser passes the year 2. It takes over what changes by other means. */
function Day({ label, value, onChange }: DayProps) {
  const [typed, setTyped] = useState(value ?? '');
  /** What it asked for itself, and what was shown when it was last looked at. */
  const [own, setOwn] = useState(value);
  const [former, setFormer] = useState(value);
  if (value !== former) {
    setFormer(value);
    if (value !== own) {
      setOwn(value);
      setTyped(value ?? '');
    }
  }
  const type = (text: string) => {
    setTyped(text);
    const next = day(text);
    if (next === value || (next === undefined && text !== '')) return;
    setOwn(next);
    onChange(next);
  };
  return (
    <TextInput
      w={160}
      type="date"
      label={label}
      max="9999-12-31"
      value={typed}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}

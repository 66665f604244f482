import { Group, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { FilterChip } from '../ui/filter-chip.js';
import { SearchField } from '../ui/search-field.js';
import { given } from '../ui/search-params.js';
import { OwnerFilter } from '../users/owner-filter.js';
import { isEditor, states, type ContentFormat, type ContentSearch } from './content.js';

/** Search, state, format, tag and, for editors, owner: all of it in the address. */
export function ContentFilters({ search }: { readonly search: ContentSearch }) {
  const navigate = useNavigate();
  const user = useUser();
  /** @param replace whether the way back skips the list as it was: not each letter is a step. */
  const change = (changed: { [Key in keyof ContentSearch]: ContentSearch[Key] | undefined }, replace = false) =>
    void navigate({ to: '/content', search: given<ContentSearch>({ ...search, ...changed }), replace });
  return (
    <Group gap="xs" mb="md">
      <SearchField
        label={texts.content.search}
        placeholder={texts.content.searchPlaceholder}
        value={search.q ?? ''}
        onChange={(q) => change({ q }, true)}
      />
      <Select
        w={190}
        aria-label={texts.content.columns.state}
        placeholder={texts.content.allStates}
        clearable
        data={states.map((value) => ({ value, label: texts.content.states[value] }))}
        value={search.state ?? null}
        onChange={(state) => change({ state: state ?? undefined })}
      />
      <Select
        w={160}
        aria-label={texts.content.format}
        placeholder={texts.content.anyFormat}
        clearable
        data={Object.entries(texts.content.formats).map(([value, label]) => ({ value, label }))}
        value={search.format ?? null}
        onChange={(format) => change({ format: (format ?? undefined) as ContentFormat | undefined })}
      />
      {isEditor(user) && <OwnerFilter owner={search.owner} onChange={(owner) => change({ owner })} />}
      {search.tag !== undefined && (
        <FilterChip label={texts.content.taggedWith(search.tag)} onRemove={() => change({ tag: undefined })} />
      )}
    </Group>
  );
}

import { Button, CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Problem } from '../api/problem.js';
import { useConsoleConfig } from '../session/use-console-config.js';
import { texts } from '../texts.js';
import { PlusIcon, SearchIcon, UsersIcon } from '../ui/icons.js';
import { MoreButton } from '../ui/more-button.js';
import { Page } from '../ui/page.js';
import { Failed, Loading, State } from '../ui/states.js';
import { NewUser } from './new-user.js';
import { useUsers } from './use-users.js';
import { UserTable } from './user-table.js';

const typingMs = 300;

/** Who may sign in, and what they may do: for admins. */
export function UsersPage() {
  const { q } = useSearch({ from: '/shell/users' });
  const [isAdding, add] = useState(false);
  const users = useUsers(q);
  const { data, error, refetch } = users;
  if (error instanceof Problem && error.code === 'users_elsewhere') return <Elsewhere />;
  return (
    <Page
      title={texts.users.title}
      actions={
        <Button leftSection={<PlusIcon size={16} />} onClick={() => add(true)}>
          {texts.users.add}
        </Button>
      }
    >
      <SearchField first={q ?? ''} />
      {data === undefined && (error === null ? <Loading /> : <Failed error={error} retry={() => void refetch()} />)}
      {data?.length === 0 && <State icon={<SearchIcon size={40} />} title={texts.users.nothingFits} />}
      {data !== undefined && data.length > 0 && <UserTable users={data} />}
      <MoreButton label={texts.users.more} list={users} />
      {isAdding && <NewUser onClose={() => add(false)} />}
    </Page>
  );
}

/** With an OpenID Connect provider there are no users here. */
function Elsewhere() {
  const authority = useConsoleConfig()?.oidc?.authority;
  const host = authority === undefined ? texts.users.provider : new URL(authority).host;
  return (
    <Page title={texts.users.title}>
      <State icon={<UsersIcon size={40} />} title={texts.users.elsewhere}>
        {texts.users.elsewhereText(host)}
      </State>
    </Page>
  );
}

function SearchField({ first }: { readonly first: string }) {
  const [typed, setTyped] = useState(first);
  const navigate = useNavigate({ from: '/users' });
  const later = useDebouncedCallback((text: string) => {
    void navigate({ search: text === '' ? {} : { q: text }, replace: true });
  }, typingMs);
  const type = (text: string) => {
    setTyped(text);
    later(text.trim());
  };
  return (
    <TextInput
      type="search"
      mb="md"
      maw={420}
      maxLength={200}
      aria-label={texts.users.search}
      placeholder={texts.users.searchPlaceholder}
      leftSection={<SearchIcon size={16} />}
      rightSection={
        typed !== '' && <CloseButton size="sm" aria-label={texts.tasks.clearSearch} onClick={() => type('')} />
      }
      value={typed}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}

import { Button, Group } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Problem } from '../api/problem.js';
import { useConsoleConfig } from '../session/use-console-config.js';
import { texts } from '../texts.js';
import { PlusIcon, SearchIcon, UsersIcon } from '../ui/icons.js';
import { MoreButton } from '../ui/more-button.js';
import { Page } from '../ui/page.js';
import { SearchField } from '../ui/search-field.js';
import { given } from '../ui/search-params.js';
import { Failed, Loading, State } from '../ui/states.js';
import { NewUser } from './new-user.js';
import { useUsers } from './use-users.js';
import { UserTable } from './user-table.js';

/** Who may sign in, and what they may do: for admins. */
export function UsersPage() {
  const { q } = useSearch({ from: '/shell/users' });
  const [isAdding, add] = useState(false);
  const navigate = useNavigate();
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
      <Group mb="md">
        <SearchField
          label={texts.users.search}
          placeholder={texts.users.searchPlaceholder}
          value={q ?? ''}
          onChange={(text) => void navigate({ to: '/users', search: given({ q: text }), replace: true })}
        />
      </Group>
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

import { Badge, Button, Group, Menu, Text } from '@mantine/core';
import { useState } from 'react';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { StackedTable, type Column } from '../ui/stacked-table.js';
import { RelativeTime } from '../ui/time.js';
import { ChangeAccess } from './change-access.js';
import { ChangeRoles } from './change-roles.js';
import { NewPassword } from './new-password.js';
import type { User } from './use-users.js';
import classes from './user-table.module.css';

const { columns: names } = texts.users;
const dialogs = { roles: ChangeRoles, password: NewPassword, access: ChangeAccess } as const;
type Dialog = keyof typeof dialogs;

/** Users, with what can be changed of each. */
export function UserTable({ users }: { readonly users: readonly User[] }) {
  const [asked, ask] = useState<{ readonly dialog: Dialog; readonly user: User } | null>(null);
  const columns: readonly Column<User>[] = [
    { name: names.name, show: (user) => <Name user={user} /> },
    { name: names.roles, show: ({ roles }) => <Roles roles={roles} />, as: 'wide' },
    { name: names.state, show: (user) => <Access user={user} /> },
    { name: names.created, show: ({ created_at }) => <RelativeTime at={created_at} /> },
    {
      name: names.change,
      show: (user) => <ChangeMenu user={user} onAsk={(dialog) => ask({ dialog, user })} />,
      as: 'action',
    },
  ];
  const Dialog = asked && dialogs[asked.dialog];
  return (
    <>
      <StackedTable label={texts.users.title} columns={columns} rows={users} keyOf={({ id }) => id} />
      {Dialog && <Dialog user={asked.user} onClose={() => ask(null)} />}
    </>
  );
}

function Name({ user: { id, username } }: { readonly user: User }) {
  const isOwn = useUser().id === id;
  return (
    <span className={classes.name}>
      {username}
      {isOwn && (
        <Text component="span" size="sm" c="dimmed" fw={400}>
          {' '}
          ({texts.users.you})
        </Text>
      )}
    </span>
  );
}

function Roles({ roles }: Pick<User, 'roles'>) {
  return (
    <Group gap={6}>
      {roles.map((role) => (
        <Badge key={role} variant="default" tt="none" radius="sm" fw={500}>
          {texts.roles[role]}
        </Badge>
      ))}
    </Group>
  );
}

function Access({ user: { disabled, disabled_at } }: { readonly user: User }) {
  return (
    <>
      <span className={classes.access} data-disabled={disabled || undefined}>
        {disabled ? texts.users.disabled : texts.users.enabled}
      </span>
      {disabled_at !== null && (
        <Text component="span" size="xs" c="dimmed">
          {' '}
          <RelativeTime at={disabled_at} />
        </Text>
      )}
    </>
  );
}

interface ChangeMenuProps {
  readonly user: User;
  readonly onAsk: (dialog: Dialog) => void;
}

function ChangeMenu({ user: { username, disabled }, onAsk }: ChangeMenuProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="xs" variant="default" aria-label={texts.users.menu(username)}>
          {texts.users.menuButton}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAsk('roles')}>{texts.users.changeRoles}</Menu.Item>
        <Menu.Item onClick={() => onAsk('password')}>{texts.users.reset}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => onAsk('access')} {...(!disabled && { color: 'red' })}>
          {disabled ? texts.users.enable : texts.users.disable}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

import {
  Avatar,
  Menu,
  SegmentedControl,
  Text,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core';
import { session } from '../session/session.js';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { BookIcon, ExitIcon } from '../ui/icons.js';
import { notifyFailed } from '../ui/notify.js';

async function signOut(): Promise<void> {
  if (!(await session.signOut())) notifyFailed(texts.account.notTold, texts.account.notToldText);
}

const schemes = ['auto', 'light', 'dark'] as const;

/** Who is signed in, colours, sign out. */
export function AccountMenu() {
  const { username, roles } = useUser();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={260} withinPortal>
      <Menu.Target>
        <UnstyledButton>
          <Avatar name={username} color="teal" size={32} radius="xl" variant="filled" aria-hidden />
          <VisuallyHidden>{texts.account.menu(username)}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Text px="sm" pt={6} fw={600} truncate>
          {username}
        </Text>
        <Text px="sm" pb="xs" size="sm" c="dimmed">
          {roles.map((role) => texts.roles[role]).join(', ')}
        </Text>
        <Menu.Divider />
        <Menu.Label>{texts.theme.label}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          mx="xs"
          mb="xs"
          aria-label={texts.theme.label}
          value={colorScheme}
          onChange={setColorScheme}
          data={schemes.map((value) => ({ value, label: texts.theme[value] }))}
        />
        <Menu.Divider />
        <Menu.Item component="a" href="/docs" target="_blank" leftSection={<BookIcon />}>
          {texts.account.api}
        </Menu.Item>
        <Menu.Item leftSection={<ExitIcon />} onClick={() => void signOut()}>
          {texts.account.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

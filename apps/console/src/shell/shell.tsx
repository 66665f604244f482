import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation, useMatches, useNavigate } from '@tanstack/react-router';
import { Activity, useEffect, useState } from 'react';
import type { User } from '../session/issuer.js';
import { hasRole } from '../session/session.js';
import { useSession } from '../session/use-session.js';
import { SignInAgain } from '../sign-in/sign-in-again.js';
import { texts } from '../texts.js';
import { notifyDone } from '../ui/notify.js';
import { Failed, Forbidden, Loading } from '../ui/states.js';
import { startSession } from '../session/start-session.js';
import { AccountMenu } from './account-menu.js';
import { Navigation } from './navigation.js';
import classes from './shell.module.css';

/** Header, navigation and the page, for people who are signed in; others are led to the sign-in and back. */
export function Shell() {
  const state = useSession();
  if (state.status === 'starting') return <Loading />;
  if (state.status === 'failed') return <Failed isPage error={state.error} retry={() => void startSession()} />;
  if (state.status === 'signed-out') return <ToSignIn ended={state.ended} />;
  const hasEnded = state.status === 'ended';
  return (
    <>
      <Activity mode={hasEnded ? 'hidden' : 'visible'}>
        <SignedIn key={state.user.id} user={state.user} insteadOf={hasEnded ? undefined : state.insteadOf} />
      </Activity>
      {hasEnded && <SignInAgain user={state.user} />}
    </>
  );
}

interface SignedInProps {
  readonly user: User;
  /** Who was signed in here until another tab signed in. */
  readonly insteadOf: string | undefined;
}

/** Leads to the sign-in, from where one comes back. */
function ToSignIn({ ended }: { readonly ended: boolean }) {
  const navigate = useNavigate();
  const { href } = useLocation();
  const [next] = useState(href);
  useEffect(() => {
    const search = { ...(next !== '/' && { next }), ...(ended && { ended }) };
    void navigate({ to: '/sign-in', search, replace: true });
  }, [navigate, next, ended]);
  return <Loading />;
}

/** Of one user: another one begins anew. */
function SignedIn({ user: { username }, insteadOf }: SignedInProps) {
  const [opened, { toggle, close }] = useDisclosure();
  useEffect(() => {
    if (insteadOf !== undefined) notifyDone(texts.account.insteadOf(insteadOf), texts.account.nowYou(username));
  }, [username, insteadOf]);
  const { pathname } = useLocation();
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 212, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a href="#content" className={classes.skip}>
        {texts.skip}
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={texts.menu} />
            <Logo />
          </Group>
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={texts.navigation}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Allowed />
      </AppShell.Main>
    </AppShell>
  );
}

function Logo() {
  return (
    <Group gap={8} wrap="nowrap">
      <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#0b5d57" />
        <path d="M9 7v18h14" fill="none" stroke="#fff" strokeWidth="4" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      <Text fw={700} size="md" component="span">
        {texts.product}
      </Text>
    </Group>
  );
}

/** The page, if it is for who is signed in. */
function Allowed() {
  const state = useSession();
  const roles = useMatches({ select: (matches) => matches.at(-1)?.staticData.roles });
  if (state.status !== 'signed-in' && state.status !== 'ended') return null;
  return roles === undefined || hasRole(state.user, roles) ? <Outlet /> : <Forbidden roles={roles} />;
}

import { Alert, Button, Center, Code, Group, Loader, Stack, Text, Title } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { ButtonLink } from './button-link.js';
import { describe, Problem, Unreachable } from '../api/problem.js';
import { isReachable, onReachable } from '../api/reachability.js';
import type { Role } from '../session/issuer.js';
import { takeFocusAfterNavigation } from '../shell/route-focus.js';
import { texts } from '../texts.js';
import { BanIcon, SearchIcon, WarningIcon } from './icons.js';

interface StateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** A whole page has its heading here. */
  readonly isPage?: boolean;
}

/** Something that stands where content would. */
export function State({ icon, title, children, action, isPage = false }: StateProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isPage && takeFocusAfterNavigation()) heading.current?.focus({ preventScroll: true });
  }, [isPage]);
  return (
    <Center py={64} px="md">
      <Stack align="center" gap="xs" maw={520} ta="center">
        <Text c="dimmed" component="span">
          {icon}
        </Text>
        <Title
          order={isPage ? 1 : 2}
          size="h3"
          ref={heading}
          {...(isPage && { tabIndex: -1 })}
          style={{ outline: 'none' }}
        >
          {title}
        </Title>
        {children !== undefined && <Text c="dimmed">{children}</Text>}
        {action}
      </Stack>
    </Center>
  );
}

/** That what is shown could not be read anew. */
export function Stale({ text, retry }: { readonly text: string; readonly retry?: () => void }) {
  return (
    <Alert color="yellow" role="status" mb="md" py="xs">
      <Group gap="sm" justify="space-between">
        {text}
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={retry}>
            {texts.retry}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

export function Loading() {
  return (
    <Center py={96} role="status" aria-label={texts.loading}>
      <Loader type="dots" />
    </Center>
  );
}

export function NotFound() {
  return <NothingHere isPage />;
}

/** In place of a whole page, or of a part of one that has its heading. */
function NothingHere({ isPage }: { readonly isPage: boolean }) {
  return (
    <State
      isPage={isPage}
      icon={<SearchIcon size={40} />}
      title={texts.states.notFound}
      action={
        <ButtonLink to="/tasks" variant="light" mt="sm">
          {texts.states.home}
        </ButtonLink>
      }
    >
      {texts.states.notFoundText}
    </State>
  );
}

export function Forbidden({ roles }: { readonly roles: readonly Role[] }) {
  return (
    <State isPage icon={<BanIcon size={40} />} title={texts.states.forbidden}>
      {texts.states.forbiddenText(roles.map((role) => texts.roles[role]).join(', '))}
    </State>
  );
}

interface FailedProps {
  readonly error: unknown;
  readonly retry?: (() => void) | undefined;
  /** A whole page has its heading here. */
  readonly isPage?: boolean;
}

/** What a call of the api was refused with, and a way on; what no answer came to is tried again once there are answers. */
export function Failed({ error, retry, isPage = false }: FailedProps) {
  useEffect(() => {
    const isAway = error instanceof Unreachable || (error instanceof Problem && error.status >= 502);
    if (!isAway || retry === undefined) return undefined;
    return onReachable(() => isReachable() && retry());
  }, [error, retry]);
  if (error instanceof Problem && error.status === 404) return <NothingHere isPage={isPage} />;
  const { title, detail, requestId } = describe(error);
  return (
    <State
      isPage={isPage}
      icon={<WarningIcon size={40} />}
      title={texts.states.failed}
      action={
        retry !== undefined && (
          <Button onClick={retry} variant="light" mt="sm">
            {texts.retry}
          </Button>
        )
      }
    >
      {title}
      {detail !== null && `. ${detail}`}
      {requestId !== null && (
        <>
          <br />
          <Code>{texts.problem.request(requestId)}</Code>
        </>
      )}
    </State>
  );
}

/** A page that threw. */
export function Broken({ error, reset }: ErrorComponentProps) {
  return (
    <State
      isPage
      icon={<WarningIcon size={40} />}
      title={texts.states.broken}
      action={
        <Button onClick={reset} variant="light" mt="sm">
          {texts.retry}
        </Button>
      }
    >
      {texts.states.brokenText}
      <br />
      <Code>{describe(error).title}</Code>
    </State>
  );
}

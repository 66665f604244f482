import { Alert, Button, Center, Loader, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { signInWay, startSession, type SignInWay } from '../session/start-session.js';
import { useSession } from '../session/use-session.js';
import { texts } from '../texts.js';
import { Failed } from '../ui/states.js';
import { PasswordForm } from './password-form.js';
import { SignInFrame } from './sign-in-frame.js';
import { useArrival } from './use-arrival.js';

/** Signs in by password, by a one-use link or at an OpenID Connect provider, and goes on to where one wanted to go. */
export function SignInPage() {
  const state = useSession();
  const { next = '/', ended = false } = useSearch({ from: '/sign-in' });
  const { history } = useRouter();
  const way = signInWay();
  const arrival = useArrival(way);
  useEffect(() => {
    if (state.status !== 'signed-in' || arrival.status === 'busy') return;
    history.replace(`/console${arrival.returnTo ?? next}`);
  }, [state.status, arrival, next, history]);

  if (state.status === 'failed') return <Failed isPage error={state.error} retry={() => void startSession()} />;
  const isBusy = state.status !== 'signed-out' || arrival.status === 'busy' || way === null;
  return (
    <SignInFrame ended={ended}>
      {arrival.error !== null && <Alert color="red">{arrival.error}</Alert>}
      {isBusy ? <Busy /> : <Ways way={way} next={next} asks={arrival.error !== null} />}
    </SignInFrame>
  );
}

function Busy() {
  return (
    <Center py="lg" role="status">
      <Loader size="sm" mr="sm" />
      <Text>{texts.signIn.byLink}</Text>
    </Center>
  );
}

interface WaysProps {
  readonly way: SignInWay;
  readonly next: string;
  /** Nothing happens without a click: the last try went wrong. */
  readonly asks: boolean;
}

function Ways({ way, next, asks }: WaysProps) {
  if (way.kind === 'local') return <PasswordForm issuer={way.issuer} />;
  if (way.kind === 'oidc') return <ProviderButton way={way} next={next} asks={asks} />;
  return <Alert color="yellow">{texts.signIn.noWay}</Alert>;
}

interface ProviderButtonProps extends WaysProps {
  readonly way: Extract<SignInWay, { kind: 'oidc' }>;
}

/** Leads to the provider; a tab that was signed in goes by itself, such as after a reload. */
function ProviderButton({ way: { issuer, host }, next, asks }: ProviderButtonProps) {
  const leave = useMutation({ mutationFn: () => issuer.leave(next) });
  const { mutate } = leave;
  useEffect(() => {
    if (!asks && issuer.isKnown) mutate();
  }, [asks, issuer, mutate]);
  return (
    <>
      {leave.error !== null && (
        <Alert color="red" role="alert">
          {texts.signIn.providerAway}
        </Alert>
      )}
      <Button onClick={() => mutate()} loading={leave.isPending || leave.isSuccess}>
        {texts.signIn.provider(host)}
      </Button>
      <Text size="sm" c="dimmed" ta="center">
        {texts.signIn.providerText}
      </Text>
    </>
  );
}

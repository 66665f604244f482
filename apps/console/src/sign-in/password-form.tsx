import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { describe, Problem } from '../api/problem.js';
import type { LocalIssuer } from '../session/local-issuer.js';
import { session } from '../session/session.js';
import { texts } from '../texts.js';

interface PasswordFormProps {
  readonly issuer: LocalIssuer;
  /** Who is likely to sign in. */
  readonly username?: string;
}

/** Signs in by password. */
export function PasswordForm({ issuer, username = '' }: PasswordFormProps) {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      session.accept(await issuer.withPassword(textOf(fields, 'username'), textOf(fields, 'password')));
    } catch (refusal) {
      setError(explain(refusal));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        {error !== null && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <TextInput
          name="username"
          label={texts.signIn.username}
          defaultValue={username}
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
        />
        <PasswordInput
          name="password"
          label={texts.signIn.password}
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
        <Button type="submit" loading={isBusy} fullWidth>
          {texts.signIn.submit}
        </Button>
        <Anchor href="/docs" size="sm" ta="center">
          {texts.account.api}
        </Anchor>
      </Stack>
    </form>
  );
}

function textOf(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}

function explain(refusal: unknown): string {
  if (refusal instanceof Problem && refusal.code === 'invalid_credentials') return texts.signIn.refused;
  const { title, detail } = describe(refusal);
  return detail ?? title;
}

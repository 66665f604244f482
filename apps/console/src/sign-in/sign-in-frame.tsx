import { Alert, Center, Paper, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { texts } from '../texts.js';

interface SignInFrameProps {
  /** The session ended by itself. */
  readonly ended: boolean;
  readonly children: ReactNode;
}

/** What is around every sign-in. */
export function SignInFrame({ ended, children }: SignInFrameProps) {
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder shadow="sm" p="xl" w="100%" maw={400} radius="lg">
        <Stack gap="md">
          <Title order={1} size="h2" ta="center">
            {texts.product}
          </Title>
          {ended && <Alert color="yellow">{texts.signIn.ended}</Alert>}
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}

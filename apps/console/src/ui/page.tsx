import { Box, Group, Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { takeFocusAfterNavigation } from '../shell/route-focus.js';

interface PageProps {
  readonly title: ReactNode;
  /** What stands beside the title. */
  readonly beside?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page: its heading gets the focus when somebody came here by a link, so that screen readers say where they are. */
export function Page({ title, beside, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takeFocusAfterNavigation()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Box>
      <Group justify="space-between" align="center" mb="md" gap="sm">
        <Group gap="sm" align="center">
          <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
            {title}
          </Title>
          {beside}
        </Group>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}

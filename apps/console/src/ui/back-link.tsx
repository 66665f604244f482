import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import { Anchor } from '@mantine/core';
import { BackIcon } from './icons.js';

function BackAnchor({ children, ...props }: Omit<ComponentProps<'a'>, 'color'>) {
  return (
    <Anchor
      size="sm"
      mb={4}
      display="inline-flex"
      {...props}
      style={{ alignItems: 'center', gap: 4, overflowWrap: 'anywhere' }}
    >
      <BackIcon size={14} />
      {children}
    </Anchor>
  );
}

/** A link above a page to the one that it belongs to. */
export const BackLink = createLink(BackAnchor);

import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

function AnchorText(props: AnchorProps & Omit<ComponentProps<'a'>, keyof AnchorProps>) {
  return <Anchor size="sm" underline="always" {...props} />;
}

/** A link to a page, in a text or a table. */
export const TextLink = createLink(AnchorText);

import { Group, Text } from '@mantine/core';
import { texts } from '../texts.js';
import { BanIcon, CheckIcon, CrossIcon, GlobeIcon } from '../ui/icons.js';
import type { Decision } from './audit-search.js';

const icons = { approved: CheckIcon, rejected: CrossIcon, published: GlobeIcon, unpublished: BanIcon };

/** A decision by sign and word. */
export function DecisionBadge({ decision }: { readonly decision: Decision }) {
  const Icon = icons[decision];
  return (
    <Group gap={6} wrap="nowrap" component="span">
      <Icon size={15} />
      <Text span size="sm" fw={600}>
        {texts.audit.decisions[decision]}
      </Text>
    </Group>
  );
}

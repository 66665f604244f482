import { texts } from '../texts.js';
import { Badge, type Mark } from '../ui/badge.js';
import { BanIcon, CheckIcon, ClockIcon, CrossIcon, GlobeIcon, PenIcon } from '../ui/icons.js';
import type { ContentState } from './content.js';

const marks: Readonly<Record<ContentState, Mark>> = {
  DRAFT: { tone: 'quiet', icon: PenIcon },
  AWAITING_APPROVAL: { tone: 'attention', icon: ClockIcon },
  APPROVED: { tone: 'active', icon: CheckIcon },
  REJECTED: { tone: 'bad', icon: CrossIcon },
  PUBLISHED: { tone: 'good', icon: GlobeIcon },
  UNPUBLISHED: { tone: 'quiet', icon: BanIcon },
};

/** The state of a version. */
export function StateBadge({ state }: { readonly state: ContentState }) {
  return <Badge mark={marks[state]} text={texts.content.states[state]} status={state} />;
}

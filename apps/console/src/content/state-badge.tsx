import { texts } from '../texts.js';
import { BanIcon, CheckIcon, ClockIcon, CrossIcon, GlobeIcon, PenIcon } from '../ui/icons.js';
import type { ContentState } from './content.js';
import classes from './state-badge.module.css';

const icons = {
  DRAFT: PenIcon,
  AWAITING_APPROVAL: ClockIcon,
  APPROVED: CheckIcon,
  REJECTED: CrossIcon,
  PUBLISHED: GlobeIcon,
  UNPUBLISHED: BanIcon,
};

/** The state of a version by colour, sign and word. */
export function StateBadge({ state }: { readonly state: ContentState }) {
  const Icon = icons[state];
  return (
    <span className={classes.badge} data-state={state}>
      <Icon size={13} />
      {texts.content.states[state]}
    </span>
  );
}

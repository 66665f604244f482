import { texts } from '../texts.js';
import { BanIcon, CheckIcon, ClockIcon, CrossIcon, PlayIcon } from '../ui/icons.js';
import classes from './status-badge.module.css';
import type { TaskStatus } from './task-filter.js';

const icons = { PENDING: ClockIcon, RUNNING: PlayIcon, SUCCESS: CheckIcon, FAILED: CrossIcon, CANCELLED: BanIcon };

/** A status by colour, sign and word. */
export function StatusBadge({ status }: { readonly status: TaskStatus }) {
  const Icon = icons[status];
  return (
    <span className={classes.badge} data-status={status}>
      <Icon size={13} />
      {texts.tasks.status[status]}
    </span>
  );
}

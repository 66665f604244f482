import { texts } from '../texts.js';
import { Badge, type Mark } from '../ui/badge.js';
import { BanIcon, CheckIcon, ClockIcon, CrossIcon, PlayIcon } from '../ui/icons.js';
import type { TaskStatus } from './task-filter.js';

const marks: Readonly<Record<TaskStatus, Mark>> = {
  PENDING: { tone: 'quiet', icon: ClockIcon },
  RUNNING: { tone: 'active', icon: PlayIcon },
  SUCCESS: { tone: 'good', icon: CheckIcon },
  FAILED: { tone: 'bad', icon: CrossIcon },
  CANCELLED: { tone: 'attention', icon: BanIcon },
};

/** The status of a task. */
export function StatusBadge({ status }: { readonly status: TaskStatus }) {
  return <Badge mark={marks[status]} text={texts.tasks.status[status]} status={status} />;
}

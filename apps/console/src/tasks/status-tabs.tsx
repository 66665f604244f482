import { Link } from '@tanstack/react-router';
import { texts } from '../texts.js';
import { formatCount } from '../ui/format.js';
import classes from './status-tabs.module.css';
import { statuses, type TaskSearch, type TaskStatus } from './task-filter.js';
import { useTaskCounts } from './use-task-counts.js';

/** The greatest number that is counted to. */
const countedTo = 10_000;

/** One status or all, with how many there are of each. */
export function StatusTabs({ search }: { readonly search: TaskSearch }) {
  const { data } = useTaskCounts(search);
  const { status: _status, ...others } = search;
  const all = data && statuses.reduce((sum, status) => sum + (data.counts[status] ?? 0), 0);
  return (
    <nav className={classes.tabs} aria-label={texts.tasks.byStatus}>
      <Tab search={others} status={undefined} current={search.status} count={all} capped={data?.capped} />
      {statuses.map((status) => (
        <Tab
          key={status}
          search={{ ...others, status }}
          status={status}
          current={search.status}
          count={data?.counts[status]}
          capped={(data?.counts[status] ?? 0) >= countedTo}
        />
      ))}
    </nav>
  );
}

interface TabProps {
  readonly search: TaskSearch;
  readonly status: TaskStatus | undefined;
  readonly current: TaskStatus | undefined;
  readonly count: number | undefined;
  readonly capped: boolean | undefined;
}

function Tab({ search, status, current, count, capped = false }: TabProps) {
  return (
    <Link
      to="/tasks"
      search={search}
      className={classes.tab}
      activeOptions={{ exact: true }}
      aria-current={status === current ? 'true' : undefined}
      data-status={status}
    >
      {status === undefined ? texts.tasks.all : texts.tasks.status[status]}
      {count !== undefined && (
        <span className={classes.count}>
          {formatCount(count)}
          {capped && '+'}
        </span>
      )}
    </Link>
  );
}

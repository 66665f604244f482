import { Checkbox, Progress } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { texts } from '../texts.js';
import lines from '../ui/line-table.module.css';
import { Elapsed, RelativeTime } from '../ui/time.js';
import { Who } from '../ui/who.js';
import { StatusBadge } from './status-badge.js';
import type { Task } from './task-filter.js';
import classes from './task-table.module.css';
import { useKindTitle } from './use-task-types.js';

interface TaskRowProps {
  readonly task: Task;
  /** Its number in the table, from 1 with the heading. */
  readonly index: number;
  readonly top: number;
  readonly height: number;
  /** Null where nothing can be selected. */
  readonly isSelected: boolean | null;
  readonly onToggle: (id: string) => void;
}

/** A task as a line of the list. */
export const TaskRow = memo(function TaskRow({ task, index, top, height, isSelected, onToggle }: TaskRowProps) {
  const kindTitle = useKindTitle();
  const { task_id: id, status, owner_id: owner } = task;
  return (
    <div
      role="row"
      aria-rowindex={index}
      className={[lines.row, classes.row].join(' ')}
      data-selected={isSelected === true || undefined}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      {isSelected !== null && (
        <span role="cell" className={classes.check}>
          <Checkbox
            size="xs"
            aria-label={texts.tasks.select(kindTitle(task.task_type), id)}
            checked={isSelected}
            onChange={() => onToggle(id)}
          />
        </span>
      )}
      <span role="cell" className={classes.task}>
        <Link to="/tasks/$taskId" params={{ taskId: id }} className={lines.link}>
          {kindTitle(task.task_type)}
        </Link>
        <span className={classes.id}>{id.slice(-12)}</span>
      </span>
      <span role="cell" className={classes.status}>
        <StatusBadge status={status} />
      </span>
      <span role="cell" className={classes.progress}>
        <RowProgress task={task} />
      </span>
      <span role="cell" className={classes.owner}>
        <Who id={owner} />
      </span>
      <span role="cell" className={classes.created}>
        <RelativeTime at={task.created_at} />
      </span>
      <span role="cell" className={classes.took}>
        {task.started_at === null ? texts.none : <Elapsed from={task.started_at} to={task.completed_at} />}
      </span>
    </div>
  );
});

/** What it does, when it is due, or why it failed. */
function RowProgress({ task: { status, progress, error, created_at, run_at: due } }: { readonly task: Task }) {
  if (status === 'PENDING' && due > created_at)
    return (
      <span className={classes.message}>
        {texts.task.startsAt} <RelativeTime at={due} />
      </span>
    );
  if (status === 'FAILED' && error !== null)
    return (
      <span className={classes.error} title={error.message}>
        {error.code}: {error.message}
      </span>
    );
  const { percent, message } = progress;
  if (status === 'RUNNING')
    return (
      <>
        <Progress value={percent} size="sm" radius="xl" aria-label={texts.tasks.progress} />
        <span className={classes.message}>
          {Math.floor(percent)} %{message !== null && ` · ${message}`}
        </span>
      </>
    );
  return <span className={classes.message}>{message}</span>;
}

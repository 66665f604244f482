import { Button, Checkbox, Group, Text } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { texts } from '../texts.js';
import lines from '../ui/line-table.module.css';
import type { FeedState } from './task-feed.js';
import { TaskRow } from './task-row.js';
import classes from './task-table.module.css';

/** Rows before the end at which more are loaded. */
const loadAhead = 60;

interface TaskTableProps {
  readonly state: FeedState;
  /** Null for those who may change nothing. */
  readonly selected: ReadonlySet<string> | null;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
  readonly onMore: () => void;
}

/** Only the rows in sight are in the page, however many there are. */
export function TaskTable({ state, selected, onSelect, onMore }: TaskTableProps) {
  const { tasks, hasMore, isLoadingMore, halt } = state;
  const isNarrow = useMediaQuery('(max-width: 48em)', false);
  const body = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => setOffset((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY), []);
  const height = isNarrow ? 92 : 54;

  // The same function while the tasks are the same: for another one all places are reckoned anew.
  const getItemKey = useCallback((index: number) => tasks[index]?.task_id ?? index, [tasks]);
  const virtualizer = useWindowVirtualizer({
    count: tasks.length,
    estimateSize: () => height,
    getItemKey,
    overscan: 12,
    scrollMargin: offset,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, height]);
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && halt === null && last >= tasks.length - loadAhead) onMore();
  }, [hasMore, isLoadingMore, halt, last, tasks.length, onMore]);

  const latest = useRef(selected);
  useEffect(() => {
    latest.current = selected;
  });
  const toggle = useCallback(
    (id: string) => {
      const next = new Set(latest.current);
      if (!next.delete(id)) next.add(id);
      onSelect(next);
    },
    [onSelect],
  );
  const isAll = selected !== null && tasks.length > 0 && tasks.every(({ task_id }) => selected.has(task_id));
  const toggleAll = () => onSelect(new Set(isAll ? [] : tasks.map(({ task_id }) => task_id)));
  return (
    <div
      role="table"
      aria-label={texts.tasks.title}
      aria-rowcount={hasMore ? -1 : tasks.length + 1}
      className={[lines.table, classes.table].join(' ')}
      data-selectable={selected !== null || undefined}
    >
      <div role="rowgroup">
        <div role="row" className={lines.head} aria-rowindex={1}>
          {selected !== null && (
            <span role="columnheader">
              <Checkbox
                size="xs"
                aria-label={texts.tasks.selectAll}
                checked={isAll}
                indeterminate={!isAll && selected.size > 0}
                onChange={toggleAll}
              />
            </span>
          )}
          {texts.tasks.columns.map((name) => (
            <span role="columnheader" key={name}>
              {name}
            </span>
          ))}
        </div>
      </div>
      <div ref={body} role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const task = tasks[index];
          return (
            task && (
              <TaskRow
                key={task.task_id}
                task={task}
                index={index + 2}
                top={start - offset}
                height={height}
                isSelected={selected?.has(task.task_id) ?? null}
                onToggle={toggle}
              />
            )
          );
        })}
      </div>
      {isLoadingMore && (
        <Text role="status" size="sm" c="dimmed" ta="center" p="sm">
          {texts.loading}
        </Text>
      )}
      {halt !== null && (
        <Group role="status" justify="center" gap="sm" p="sm">
          <Text size="sm" c="dimmed">
            {halt === 'failed' ? texts.tasks.moreFailed : texts.tasks.moreNone}
          </Text>
          <Button size="xs" variant="light" onClick={onMore}>
            {halt === 'failed' ? texts.retry : texts.tasks.lookFurther}
          </Button>
        </Group>
      )}
    </div>
  );
}

import { Button, Checkbox, Group, Select, Text, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type UIEvent } from 'react';
import { texts } from '../texts.js';
import { DownloadIcon, SearchIcon } from '../ui/icons.js';
import { describe } from '../api/problem.js';
import { notifyFailed } from '../ui/notify.js';
import { saveFile } from '../ui/save-file.js';
import { fetchLogs, logText } from './all-logs.js';
import { ClockTime } from '../ui/time.js';
import classes from './log-view.module.css';
import type { HistoryEvent } from './timeline.js';

const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

interface LogViewProps {
  readonly taskId: string;
  readonly logs: readonly HistoryEvent[];
  readonly isRunning: boolean;
}

/** The log: follows its end while it grows, until somebody scrolls up. */
export function LogView({ taskId, logs, isRunning }: LogViewProps) {
  const [level, setLevel] = useState<Level>('debug');
  const [text, setText] = useState('');
  const [follows, follow] = useState(true);
  const shown = useMemo(() => filtered(logs, level, text), [logs, level, text]);
  return (
    <>
      <Group gap="xs" mb="xs">
        <TextInput
          type="search"
          size="xs"
          flex="1 1 160px"
          maw={320}
          aria-label={texts.logs.filter}
          placeholder={texts.logs.filter}
          leftSection={<SearchIcon size={14} />}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Select
          size="xs"
          w={150}
          aria-label={texts.logs.level}
          allowDeselect={false}
          data={levels.map((value) => ({ value, label: texts.logs.levels[value] }))}
          value={level}
          onChange={(value) => setLevel(value ?? 'debug')}
        />
        {isRunning && (
          <Checkbox
            size="xs"
            label={texts.logs.follow}
            checked={follows}
            onChange={({ currentTarget }) => follow(currentTarget.checked)}
          />
        )}
        <Downloads taskId={taskId} />
      </Group>
      {shown.length === 0 ? (
        <Text c="dimmed" size="sm" py="md">
          {logs.length === 0 ? texts.logs.none : texts.logs.nothingFits}
        </Text>
      ) : (
        <Lines logs={shown} follows={follows && isRunning} onFollow={follow} />
      )}
    </>
  );
}

function filtered(logs: readonly HistoryEvent[], level: Level, text: string): readonly HistoryEvent[] {
  const least = levels.indexOf(level);
  const wanted = text.trim().toLowerCase();
  return logs.filter(
    (line) =>
      levels.indexOf(line.level ?? 'info') >= least &&
      (wanted === '' || (line.message ?? '').toLowerCase().includes(wanted)),
  );
}

interface LinesProps {
  readonly logs: readonly HistoryEvent[];
  readonly follows: boolean;
  readonly onFollow: (follows: boolean) => void;
}

/** Pixels from the end that still count as the end. */
const nearEnd = 24;

function Lines({ logs, follows, onFollow }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing memoizes: the build has no compiler for it
  const virtualizer = useVirtualizer({
    count: logs.length,
    getScrollElement: () => box.current,
    estimateSize: () => 22,
    getItemKey: (index) => logs[index]?.seq ?? index,
    overscan: 20,
  });
  useEffect(() => {
    if (follows) virtualizer.scrollToIndex(logs.length - 1, { align: 'end' });
  }, [follows, logs.length, virtualizer]);
  const lastTop = useRef(0);
  // By wheel, key, finger or scrollbar: up leaves the end, down to it follows it again.
  const onScroll = ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: UIEvent<HTMLElement>) => {
    const isAtEnd = scrollHeight - clientHeight - scrollTop <= nearEnd;
    if (follows && scrollTop < lastTop.current && !isAtEnd) onFollow(false);
    if (!follows && scrollTop > lastTop.current && isAtEnd) onFollow(true);
    lastTop.current = scrollTop;
  };
  return (
    <div
      ref={box}
      className={classes.box}
      role="log"
      aria-live="off"
      aria-label={texts.task.tabs.logs}
      tabIndex={0}
      onScroll={onScroll}
      onWheel={({ deltaY }) => follows && deltaY < 0 && onFollow(false)}
      onKeyDown={({ key }) => follows && ['ArrowUp', 'PageUp', 'Home'].includes(key) && onFollow(false)}
    >
      <div className={classes.lines} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const line = logs[index];
          return (
            line && (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className={classes.line}
                style={{ transform: `translateY(${start}px)` }}
              >
                <ClockTime at={line.timestamp} />
                <span className={classes.level} data-level={line.level}>
                  {line.level}
                </span>
                <span className={classes.message}>{line.message}</span>
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function Downloads({ taskId }: { readonly taskId: string }) {
  const [isBusy, setBusy] = useState(false);
  const download = async (format: 'txt' | 'jsonl') => {
    setBusy(true);
    try {
      const logs = await fetchLogs(taskId);
      const lines = format === 'txt' ? logs.map(logText) : logs.map((line) => JSON.stringify(line));
      saveFile(`${taskId}.${format}`, 'text/plain', [`${lines.join('\n')}\n`]);
    } catch (error) {
      notifyFailed(texts.logs.notDownloaded, describe(error).detail ?? describe(error).title);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Group gap={4} ml="auto">
      {(['txt', 'jsonl'] as const).map((format) => (
        <Button
          key={format}
          size="xs"
          variant="default"
          loading={isBusy}
          leftSection={<DownloadIcon size={14} />}
          aria-label={texts.logs.download(format)}
          onClick={() => void download(format)}
        >
          .{format}
        </Button>
      ))}
    </Group>
  );
}

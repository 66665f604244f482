import { Paper, SimpleGrid, Text } from '@mantine/core';
import { texts } from '../texts.js';
import { formatCount, formatDuration } from '../ui/format.js';
import classes from './standing.module.css';
import { formatAbout, measured, sum } from './totals.js';
import type { KindOverview, Overview } from './use-overview.js';

/** Waiting tasks of a kind are counted no further. */
const countedTo = 100_000;

/** The numbers to look at first. */
export function Standing({ overview: { kinds, workers } }: { readonly overview: Overview }) {
  const total = sum(kinds.flatMap(({ buckets }) => buckets));
  const ended = measured('ended', total);
  const running = kinds.reduce((all, kind) => all + kind.running, 0);
  const oldest = Math.max(-1, ...kinds.map(({ oldest_pending_seconds: seconds }) => seconds ?? -1));
  const facts = [
    { name: texts.kinds.columns.waiting, value: formatWaiting(kinds) },
    { name: texts.kinds.columns.running, value: formatCount(running) },
    { name: texts.kinds.columns.oldest, value: formatSeconds(oldest < 0 ? null : oldest) },
    { name: texts.operations.ended, value: formatAbout(ended, total.sampled) },
    { name: texts.operations.failedShare, value: share(total.failed, ended, total.sampled), isBad: total.failed > 0 },
    { name: texts.operations.workersSeen, value: formatCount(workers.length), isBad: workers.length === 0 },
  ];
  return (
    <SimpleGrid component="dl" m={0} cols={{ base: 2, xs: 3, lg: 6 }} spacing="sm" aria-label={texts.operations.now}>
      {facts.map(({ name, value, isBad = false }) => (
        <Paper key={name} withBorder p="sm">
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <dd className={classes.value} data-bad={isBad || undefined}>
            {value}
          </dd>
        </Paper>
      ))}
    </SimpleGrid>
  );
}

/** @param kinds one or several together. */
export function formatWaiting(kinds: readonly Pick<KindOverview, 'pending'>[]): string {
  const isMore = kinds.some(({ pending }) => pending >= countedTo);
  return `${formatCount(kinds.reduce((all, { pending }) => all + pending, 0))}${isMore ? '+' : ''}`;
}

export function formatSeconds(seconds: number | null): string {
  return seconds === null ? texts.none : formatDuration(seconds * 1_000);
}

function share(failed: number, ended: number, isEstimate: boolean): string {
  const count = formatAbout(failed, isEstimate);
  if (failed === 0 || ended === 0) return count;
  const percent = (100 * failed) / ended;
  const text = percent < 0.1 ? '< 0.1' : percent.toFixed(percent < 10 ? 1 : 0);
  return texts.operations.share(count, text);
}

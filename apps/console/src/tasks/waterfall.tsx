import { Paper, Title } from '@mantine/core';
import { useMemo } from 'react';
import { texts } from '../texts.js';
import { formatDuration } from '../ui/format.js';
import { useNow } from '../ui/time.js';
import { segmentsOf, type HistoryEvent, type Segment } from './timeline.js';
import classes from './waterfall.module.css';

/** Narrowest bar, in parts of a hundred. */
const narrowest = 0.6;

/** Waits and attempts one below the other, each as long as it took. */
export function Waterfall({ events }: { readonly events: readonly HistoryEvent[] }) {
  const segments = useMemo(() => segmentsOf(events), [events]);
  const now = useNow();
  const [first] = segments;
  if (first === undefined) return null;
  const end = segments.reduce((latest, { to }) => Math.max(latest, to ?? now), first.from + 1);
  const length = end - first.from;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="timeline">
      <Title order={2} size="h5" id="timeline" mb="xs">
        {texts.timeline.title}
      </Title>
      <ol className={classes.lines}>
        {segments.map((segment) => (
          <Line
            key={`${segment.kind}-${segment.from}`}
            segment={segment}
            start={first.from}
            length={length}
            now={now}
          />
        ))}
      </ol>
    </Paper>
  );
}

interface LineProps {
  readonly segment: Segment;
  readonly start: number;
  readonly length: number;
  readonly now: number;
}

function Line({ segment, start, length, now }: LineProps) {
  const { kind, from, to, outcome } = segment;
  const took = Math.max(0, (to ?? now) - from);
  const left = ((from - start) / length) * 100;
  const width = Math.max((took / length) * 100, narrowest);
  return (
    <li className={classes.line}>
      <span className={classes.name}>{nameOf(segment)}</span>
      <span className={classes.track} aria-hidden="true">
        <span
          className={classes.bar}
          data-kind={kind}
          data-outcome={outcome ?? (to === null ? 'open' : undefined)}
          style={{
            left: `${Math.min(left, 100 - narrowest)}%`,
            width: `${Math.min(width, 100 - Math.min(left, 100 - narrowest))}%`,
          }}
        />
      </span>
      <span className={classes.took}>{formatDuration(took)}</span>
      <span className={classes.note}>{noteOf(segment)}</span>
    </li>
  );
}

function nameOf({ kind, attempt, reason }: Segment): string {
  return kind === 'attempt' ? texts.timeline.attempt(attempt ?? 0) : texts.timeline.wait[reason ?? 'submitted'];
}

function noteOf({ kind, outcome, error, to }: Segment): string {
  if (outcome !== null) return `${texts.timeline.outcome[outcome]}${error === null ? '' : `: ${error.code}`}`;
  if (to === null) return kind === 'attempt' ? texts.timeline.running : texts.timeline.waiting;
  return '';
}

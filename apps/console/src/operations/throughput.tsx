import { Paper, SegmentedControl, Skeleton, Text, useComputedColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { texts } from '../texts.js';
import { measures, type Measure, type OverviewWindow } from './overview-search.js';
import { Section } from './section.js';
import { ThroughputNumbers } from './throughput-numbers.js';
import { ThroughputTable } from './throughput-table.js';
import classes from './throughput.module.css';
import { formatAbout, measured, sum } from './totals.js';
import type { Overview } from './use-overview.js';

const Chart = lazy(async () => ({ default: (await import('./throughput-chart.js')).ThroughputChart }));

interface ThroughputProps {
  readonly overview: Overview;
  readonly window: OverviewWindow;
  readonly measure: Measure;
}

/** What was done by kind over time: a chart, and the same as tables. */
export function Throughput({ overview, window, measure }: ThroughputProps) {
  const [pointed, point] = useState<number | null>(null);
  const scheme = useComputedColorScheme();
  const total = sum(overview.kinds.flatMap(({ buckets }) => buckets));
  const text = texts.throughput.chart(
    texts.throughput.measures[measure],
    texts.operations.lastWindow[window],
    formatAbout(measured(measure, total), total.sampled),
  );
  return (
    <Section title={texts.throughput.title} beside={<MeasureControl measure={measure} />}>
      <Paper withBorder p="md">
        <div className={classes.panel}>
          <div role="img" aria-label={text} className={classes.chart}>
            <Suspense fallback={<Skeleton height="100%" />}>
              <Chart overview={overview} measure={measure} scheme={scheme} onPoint={point} />
            </Suspense>
            {measured(measure, total) === 0 && <Text className={classes.none}>{texts.throughput.none}</Text>}
          </div>
          <ThroughputTable overview={overview} window={window} pointed={pointed} scheme={scheme} />
        </div>
        {total.sampled && (
          <Text size="xs" c="dimmed" mt="xs">
            {texts.throughput.sampled}
          </Text>
        )}
        <ThroughputNumbers overview={overview} measure={measure} />
      </Paper>
    </Section>
  );
}

function MeasureControl({ measure }: { readonly measure: Measure }) {
  const navigate = useNavigate({ from: '/operations' });
  return (
    <SegmentedControl
      size="xs"
      aria-label={texts.throughput.measure}
      value={measure}
      onChange={(show) =>
        void navigate({ search: (search) => ({ ...search, show }), replace: true, resetScroll: false })
      }
      data={measures.map((value) => ({ value, label: texts.throughput.measures[value] }))}
    />
  );
}

import { Alert, SegmentedControl, Stack, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { texts } from '../texts.js';
import { Page } from '../ui/page.js';
import { Failed, Loading } from '../ui/states.js';
import { RelativeTime } from '../ui/time.js';
import { BreakerTable } from './breaker-table.js';
import { KindTable } from './kind-table.js';
import { OperationsTabs } from './operations-tabs.js';
import { overviewWindows, type OverviewWindow } from './overview-search.js';
import { QueueBoardButton } from './queue-board-button.js';
import { Section } from './section.js';
import { Standing } from './standing.js';
import { Throughput } from './throughput.js';
import { useOverview } from './use-overview.js';
import { WorkerTable } from './worker-table.js';

/** How the installation is doing: for admins. */
export function OperationsPage() {
  const { window = '1h', show = 'ended' } = useSearch({ from: '/shell/operations' });
  const { data, error, refetch } = useOverview(window);
  return (
    <Page
      title={texts.operations.title}
      beside={
        data && (
          <Text size="sm" c="dimmed">
            {texts.operations.updated} <RelativeTime at={data.generated_at} />
          </Text>
        )
      }
      actions={
        <>
          <WindowControl window={window} />
          <QueueBoardButton />
        </>
      }
    >
      <OperationsTabs />
      {data === undefined && (error === null ? <Loading /> : <Failed error={error} retry={() => void refetch()} />)}
      {data !== undefined && (
        <Stack gap="lg">
          {error !== null && (
            <Alert color="yellow" role="status">
              {texts.operations.stale}
            </Alert>
          )}
          <Standing overview={data} />
          <Throughput overview={data} window={window} measure={show} />
          <Section title={texts.kinds.title} explain={texts.kinds.explain}>
            <KindTable kinds={data.kinds} />
          </Section>
          <Section title={texts.workers.title}>
            <WorkerTable workers={data.workers} kinds={data.kinds} />
          </Section>
          <Section title={texts.breakers.title} explain={texts.breakers.explain}>
            <BreakerTable breakers={data.breakers} />
          </Section>
        </Stack>
      )}
    </Page>
  );
}

function WindowControl({ window }: { readonly window: OverviewWindow }) {
  const navigate = useNavigate({ from: '/operations' });
  return (
    <SegmentedControl
      size="xs"
      aria-label={texts.operations.window}
      value={window}
      onChange={(next) =>
        void navigate({ search: (search) => ({ ...search, window: next }), replace: true, resetScroll: false })
      }
      data={overviewWindows.map((value) => ({ value, label: texts.operations.windows[value] }))}
    />
  );
}

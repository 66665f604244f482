import { Select, Stack } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTaskTypes } from '../tasks/use-task-types.js';
import { texts } from '../texts.js';
import { CheckIcon } from '../ui/icons.js';
import { MoreButton } from '../ui/more-button.js';
import { Page } from '../ui/page.js';
import { Failed, Loading, State } from '../ui/states.js';
import { FailureCard } from './failure-card.js';
import { OperationsTabs } from './operations-tabs.js';
import { useFailures } from './use-failures.js';

/** Failed tasks by cause, and what can be done about them: for admins. */
export function FailuresPage() {
  const { type } = useSearch({ from: '/shell/operations/failures' });
  const failures = useFailures(type);
  const { data, error, refetch } = failures;
  return (
    <Page title={texts.failures.title} actions={<KindSelect type={type} />}>
      <OperationsTabs />
      {data === undefined && (error === null ? <Loading /> : <Failed error={error} retry={() => void refetch()} />)}
      {data?.length === 0 && (
        <State
          icon={<CheckIcon size={40} />}
          title={type === undefined ? texts.failures.none : texts.failures.noneOfKind}
        >
          {texts.failures.noneText}
        </State>
      )}
      <Stack gap="sm" role="list" aria-label={texts.failures.title}>
        {data?.map((group) => (
          <FailureCard key={group.fingerprint} group={group} />
        ))}
      </Stack>
      <MoreButton label={texts.failures.more} list={failures} />
    </Page>
  );
}

function KindSelect({ type }: { readonly type: string | undefined }) {
  const navigate = useNavigate({ from: '/operations/failures' });
  const { data: types = [] } = useTaskTypes();
  return (
    <Select
      w={190}
      aria-label={texts.tasks.kind}
      placeholder={texts.failures.allKinds}
      clearable
      data={types.map(({ task_type: value, title: label }) => ({ value, label }))}
      value={type ?? null}
      onChange={(next) => void navigate({ search: next === null ? {} : { type: next }, replace: true })}
    />
  );
}

import { Text } from '@mantine/core';
import { api, type Schemas } from '../api/client.js';
import { unwrapPage } from '../api/page.js';
import { usePages } from '../api/use-pages.js';
import { useKindTitle } from '../tasks/use-task-types.js';
import { texts } from '../texts.js';
import { AuditIcon } from '../ui/icons.js';
import { MoreButton } from '../ui/more-button.js';
import { Page } from '../ui/page.js';
import { StackedTable, type Column } from '../ui/stacked-table.js';
import { Failed, Loading, State } from '../ui/states.js';
import { AbsoluteTime } from '../ui/time.js';
import { detailsOf, subjectOf } from './action-details.js';
import { OperationsTabs } from './operations-tabs.js';

type AdminAction = Schemas['AdminActionDto'];

const { columns: names, types } = texts.actions;

/** What admins did to users and kinds: for admins. */
export function ActionsPage() {
  const actions = usePages<AdminAction>({
    key: ['admin-actions'],
    load: (cursor, signal) => unwrapPage(api.GET('/admin/actions', { params: { query: cursor }, signal })),
  });
  const { data, error, refetch } = actions;
  return (
    <Page title={texts.actions.title}>
      <OperationsTabs />
      <Text size="sm" c="dimmed" mb="md">
        {texts.actions.explain}
      </Text>
      {data === undefined && (error === null ? <Loading /> : <Failed error={error} retry={() => void refetch()} />)}
      {data?.length === 0 && (
        <State icon={<AuditIcon size={40} />} title={texts.actions.none}>
          {texts.actions.noneText}
        </State>
      )}
      {data !== undefined && data.length > 0 && <ActionTable actions={data} />}
      <MoreButton label={texts.actions.more} list={actions} />
    </Page>
  );
}

function ActionTable({ actions }: { readonly actions: readonly AdminAction[] }) {
  const kindTitle = useKindTitle();
  const what = (action: AdminAction) => {
    const text = (types as Partial<Record<string, (subject: string) => string>>)[action.action];
    const subject = subjectOf(action, kindTitle);
    return text === undefined ? `${action.action}: ${subject}` : text(subject);
  };
  const columns: readonly Column<AdminAction>[] = [
    { name: names.what, show: what },
    {
      name: names.details,
      show: ({ data }) => <span style={{ overflowWrap: 'anywhere' }}>{detailsOf(data)}</span>,
      as: 'wide',
    },
    { name: names.who, show: ({ actor, actor_name }) => actor_name ?? actor },
    { name: names.when, show: ({ at }) => <AbsoluteTime at={at} /> },
  ];
  return <StackedTable label={texts.actions.title} columns={columns} rows={actions} keyOf={({ id }) => id} />;
}

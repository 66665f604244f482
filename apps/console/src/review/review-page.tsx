import { Alert, Select, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ContentSummary } from '../content/content.js';
import { useAwaiting } from '../content/content-queries.js';
import { ContentTable } from '../content/content-table.js';
import { texts } from '../texts.js';
import { ButtonLink } from '../ui/button-link.js';
import { CheckIcon } from '../ui/icons.js';
import { Page } from '../ui/page.js';
import { Failed, Loading, Stale, State } from '../ui/states.js';
import type { ReviewOrder } from './review-search.js';

/** What awaits approval, the longest waiting first; it says so where older ones are left out. */
export function ReviewPage() {
  const { sort = 'oldest' } = useSearch({ from: '/shell/review' });
  const navigate = useNavigate();
  const { data, error, refetch } = useAwaiting();
  const change = (next: string | null) =>
    void navigate({ to: '/review', search: next === null ? {} : { sort: next as ReviewOrder }, replace: true });
  return (
    <Page
      title={texts.review.title}
      beside={
        data !== undefined &&
        data.items.length > 0 && (
          <Text span c="dimmed" size="sm">
            {texts.review.waiting(data.items.length, data.isAll)}
          </Text>
        )
      }
      actions={
        data !== undefined &&
        data.items.length > 1 && (
          <Select
            w={180}
            aria-label={texts.review.sort}
            allowDeselect={false}
            data={Object.entries(data.isAll ? texts.review.sorts : texts.review.sortsOfNewest).map(
              ([value, label]) => ({ value, label }),
            )}
            value={sort}
            onChange={change}
          />
        )
      }
    >
      {data === undefined && error === null && <Loading />}
      {data === undefined && error !== null && <Failed error={error} retry={() => void refetch()} />}
      {data !== undefined && error !== null && <Stale text={texts.operations.stale} />}
      {data?.items.length === 0 && <Empty />}
      {data?.isAll === false && (
        <Alert color="yellow" role="note" mb="md">
          {texts.review.cut(data.items.length)}
        </Alert>
      )}
      {data !== undefined && data.items.length > 0 && (
        <ContentTable
          isInbox
          label={texts.review.title}
          items={data.items.toSorted(orders[sort])}
          since={texts.review.waits}
          timeOf={since}
        />
      )}
    </Page>
  );
}

/** A version awaits approval from its first moment. */
const since = ({ version, created_at }: ContentSummary) => version?.created_at ?? created_at;
/** What was not judged stands last. */
const scoreOf = ({ version }: ContentSummary, none: number) => version?.quality?.score ?? none;

const orders: Record<ReviewOrder, (a: ContentSummary, b: ContentSummary) => number> = {
  oldest: (a, b) => since(a).localeCompare(since(b)),
  newest: (a, b) => since(b).localeCompare(since(a)),
  best: (a, b) => scoreOf(b, -1) - scoreOf(a, -1),
  worst: (a, b) => scoreOf(a, 101) - scoreOf(b, 101),
};

function Empty() {
  return (
    <State
      icon={<CheckIcon size={40} />}
      title={texts.review.empty}
      action={
        <ButtonLink to="/content" variant="light" mt="sm">
          {texts.review.all}
        </ButtonLink>
      }
    >
      {texts.review.emptyText}
    </State>
  );
}

import { useSearch } from '@tanstack/react-router';
import { api } from '../api/client.js';
import { unwrapPage } from '../api/page.js';
import { usePages } from '../api/use-pages.js';
import { useUser } from '../session/use-session.js';
import { texts } from '../texts.js';
import { ButtonLink } from '../ui/button-link.js';
import { AuditIcon, FilterIcon } from '../ui/icons.js';
import { MoreButton } from '../ui/more-button.js';
import { Page } from '../ui/page.js';
import { Failed, Loading, State } from '../ui/states.js';
import type { Review } from '../content/content.js';
import { AuditFilters } from './audit-filters.js';
import { auditQuery, type AuditSearch } from './audit-search.js';
import { ExportMenu } from './export-menu.js';
import { ReviewTable } from './review-table.js';

const pageSize = 50;

/** Who decided what, when and why. */
export function AuditPage() {
  const search = useSearch({ from: '/shell/audit' });
  const isAdmin = useUser().roles.includes('admin');
  const list = useReviews(search);
  const { data, error, refetch } = list;
  const reviews = data ?? [];
  return (
    <Page title={texts.audit.title} actions={isAdmin && <ExportMenu />}>
      <AuditFilters search={search} reviews={reviews} />
      {data === undefined && error === null && <Loading />}
      {data === undefined && error !== null && <Failed error={error} retry={() => void refetch()} />}
      {data !== undefined && reviews.length === 0 && <Empty isFiltered={Object.keys(search).length > 0} />}
      {reviews.length > 0 && <ReviewTable reviews={reviews} />}
      <MoreButton label={texts.content.more} list={list} />
    </Page>
  );
}

function useReviews(search: AuditSearch) {
  const query = auditQuery(search);
  return usePages<Review>({
    key: ['reviews', query],
    load: (cursor, signal) =>
      unwrapPage(api.GET('/reviews', { params: { query: { ...query, limit: pageSize, ...cursor } }, signal })),
  });
}

function Empty({ isFiltered }: { readonly isFiltered: boolean }) {
  if (!isFiltered) {
    return (
      <State icon={<AuditIcon size={40} />} title={texts.audit.empty}>
        {texts.audit.emptyText}
      </State>
    );
  }
  return (
    <State
      icon={<FilterIcon size={40} />}
      title={texts.audit.nothingFits}
      action={
        <ButtonLink to="/audit" search={{}} variant="light" mt="sm">
          {texts.content.clearFilters}
        </ButtonLink>
      }
    >
      {texts.audit.nothingFitsText}
    </State>
  );
}

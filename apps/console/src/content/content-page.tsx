import { useSearch } from '@tanstack/react-router';
import { texts } from '../texts.js';
import { ButtonLink } from '../ui/button-link.js';
import { DocumentIcon, FilterIcon } from '../ui/icons.js';
import { MoreButton } from '../ui/more-button.js';
import { Page } from '../ui/page.js';
import { Failed, Loading, State } from '../ui/states.js';
import type { ContentSearch } from './content.js';
import { ContentFilters } from './content-filters.js';
import { useContentList } from './content-queries.js';
import { ContentTable } from './content-table.js';

/** One's own content; for editors, everybody's. */
export function ContentPage() {
  const search = useSearch({ from: '/shell/content' });
  return (
    <Page title={texts.content.title}>
      <ContentFilters search={search} />
      <List search={search} />
    </Page>
  );
}

function List({ search }: { readonly search: ContentSearch }) {
  const list = useContentList(search);
  const { data: items, error, refetch } = list;
  if (items === undefined) {
    return error === null ? <Loading /> : <Failed error={error} retry={() => void refetch()} />;
  }
  if (items.length === 0) return <Empty isFiltered={Object.keys(search).length > 0} />;
  return (
    <>
      <ContentTable
        label={texts.content.title}
        items={items}
        since={texts.content.columns.updated}
        timeOf={({ updated_at }) => updated_at}
      />
      <MoreButton label={texts.content.more} list={list} />
    </>
  );
}

function Empty({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <State
        icon={<FilterIcon size={40} />}
        title={texts.content.nothingFits}
        action={
          <ButtonLink to="/content" search={{}} variant="light" mt="sm">
            {texts.content.clearFilters}
          </ButtonLink>
        }
      >
        {texts.content.nothingFitsText}
      </State>
    );
  }
  return (
    <State
      icon={<DocumentIcon size={40} />}
      title={texts.content.empty}
      action={
        <ButtonLink to="/tasks/new" search={{ type: 'content_generation' }} variant="light" mt="sm">
          {texts.content.write}
        </ButtonLink>
      }
    >
      {texts.content.emptyText}
    </State>
  );
}

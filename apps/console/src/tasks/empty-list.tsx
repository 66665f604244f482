import { Button } from '@mantine/core';
import { ButtonLink } from '../ui/button-link.js';
import { texts } from '../texts.js';
import { FilterIcon, ListIcon } from '../ui/icons.js';
import { State } from '../ui/states.js';
import type { FeedState } from './task-feed.js';
import type { TaskSearch } from './task-filter.js';

interface EmptyListProps {
  readonly search: TaskSearch;
  readonly state: FeedState;
  readonly onMore: () => void;
}

/** Nothing yet, nothing that fits, or nothing among those that were looked at. */
export function EmptyList({ search, state: { hasMore, isLoadingMore, halt }, onMore }: EmptyListProps) {
  if (hasMore) {
    return (
      <State
        icon={<FilterIcon size={40} />}
        title={texts.tasks.noneYet}
        action={
          <Button variant="light" mt="sm" loading={isLoadingMore} onClick={onMore}>
            {texts.tasks.lookFurther}
          </Button>
        }
      >
        {halt === 'failed' ? texts.tasks.moreFailed : texts.tasks.noneYetText}
      </State>
    );
  }
  if (Object.keys(search).length > 0) {
    return (
      <State
        icon={<FilterIcon size={40} />}
        title={texts.tasks.nothingFits}
        action={
          <ButtonLink to="/tasks" search={{}} variant="light" mt="sm">
            {texts.tasks.clearFilters}
          </ButtonLink>
        }
      >
        {texts.tasks.nothingFitsText}
      </State>
    );
  }
  return (
    <State
      icon={<ListIcon size={40} />}
      title={texts.tasks.empty}
      action={
        <ButtonLink to="/tasks/new" variant="light" mt="sm">
          {texts.tasks.submit}
        </ButtonLink>
      }
    >
      {texts.tasks.emptyText}
    </State>
  );
}

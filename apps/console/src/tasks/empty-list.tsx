import { ButtonLink } from '../ui/button-link.js';
import { texts } from '../texts.js';
import { FilterIcon, ListIcon } from '../ui/icons.js';
import { State } from '../ui/states.js';
import type { TaskSearch } from './task-filter.js';

/** Nothing yet, or nothing that fits. */
export function EmptyList({ search }: { readonly search: TaskSearch }) {
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

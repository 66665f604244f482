import { Link } from '@tanstack/react-router';
import classes from '../tasks/status-tabs.module.css';
import { texts } from '../texts.js';

const sections = {
  overview: '/operations',
  failures: '/operations/failures',
  actions: '/operations/actions',
} as const;

/** The pages of the operations. */
export function OperationsTabs() {
  return (
    <nav className={classes.tabs} aria-label={texts.operations.title}>
      {(Object.keys(sections) as (keyof typeof sections)[]).map((name) => (
        <Link
          key={name}
          to={sections[name]}
          className={classes.tab}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {texts.operations.sections[name]}
        </Link>
      ))}
    </nav>
  );
}

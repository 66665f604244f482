import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { texts } from '../texts.js';
import lines from '../ui/line-table.module.css';
import { RelativeTime } from '../ui/time.js';
import { Who } from '../ui/who.js';
import type { ContentSummary } from './content.js';
import classes from './content-table.module.css';
import { QualityBadge } from './quality-badge.js';
import { StateBadge } from './state-badge.js';

interface ContentTableProps {
  readonly label: string;
  readonly items: readonly ContentSummary[];
  /** All of it awaits approval, so the state says nothing: what it is for does. */
  readonly isInbox?: boolean;
  /** What stands above the column of times. */
  readonly since: string;
  readonly timeOf: (item: ContentSummary) => string;
}

/** Content, a line each, which leads to its page. */
export function ContentTable({ label, items, isInbox = false, since, timeOf }: ContentTableProps) {
  const { title, state, quality, owner } = texts.content.columns;
  return (
    <div role="table" aria-label={label} className={[lines.table, classes.table].join(' ')}>
      <div role="rowgroup">
        <div role="row" className={lines.head}>
          {[title, isInbox ? texts.review.kind : state, quality, owner, since].map((name) => (
            <span role="columnheader" key={name}>
              {name}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup">
        {items.map((item) => (
          <Row key={item.content_id} item={item} isInbox={isInbox} time={timeOf(item)} />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly item: ContentSummary;
  readonly isInbox: boolean;
  readonly time: string;
}

function Row({ item, isInbox, time }: RowProps) {
  const { content_id: contentId, version, topic, format } = item;
  const beside = [
    texts.content.formats[format],
    version !== null && texts.content.version(version.number),
    item.published_version !== null &&
      item.published_version !== version?.number &&
      texts.content.publicVersion(item.published_version),
  ].filter(Boolean);
  return (
    <div role="row" className={[lines.row, classes.row].join(' ')}>
      <span role="cell" className={classes.what}>
        <Link to="/content/$contentId" params={{ contentId }} className={[lines.link, classes.link].join(' ')}>
          {version?.title ?? topic}
        </Link>
        <span className={classes.beside}>{beside.join(' · ')}</span>
      </span>
      <Cell>
        {isInbox ? (
          texts.review[item.published_version === null ? 'fresh' : 'change']
        ) : version === null ? (
          texts.content.noVersion
        ) : (
          <StateBadge state={version.state} />
        )}
      </Cell>
      <Cell>{version !== null && <QualityBadge score={version.quality?.score} />}</Cell>
      <Cell className={classes.owner}>
        <Who id={item.owner_id} />
      </Cell>
      <Cell className={classes.when}>
        <RelativeTime at={time} />
      </Cell>
    </div>
  );
}

function Cell({ className, children }: { readonly className?: string | undefined; readonly children: ReactNode }) {
  return (
    <span role="cell" className={className}>
      {children}
    </span>
  );
}

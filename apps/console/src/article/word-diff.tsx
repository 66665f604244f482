import { texts } from '../texts.js';
import type { Run } from './diff-rows.js';
import classes from './diff.module.css';

/** Both texts as one: what went is struck through, what came is underlined. */
export function WordDiff({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <div className={classes.words} role="region" aria-label={texts.article.compareViews.words}>
      <Runs runs={runs} />
    </div>
  );
}

export function Runs({ runs }: { readonly runs: readonly Run[] }) {
  return runs.map(({ op, text }, index) => {
    if (op === 'delete') return <del key={index}>{text}</del>;
    if (op === 'insert') return <ins key={index}>{text}</ins>;
    return <span key={index}>{text}</span>;
  });
}

import { VisuallyHidden } from '@mantine/core';
import { useMemo, useState } from 'react';
import { texts } from '../texts.js';
import { diffRows, folded, type DiffLine, type DiffRow, type Run } from './diff-rows.js';
import classes from './diff.module.css';
import { Runs } from './word-diff.js';

interface SideBySideProps {
  readonly from: number;
  readonly to: number;
  readonly runs: readonly Run[];
}

/** The older text on the left, the newer one on the right, line by line. */
export function SideBySide({ from, to, runs }: SideBySideProps) {
  const parts = useMemo(() => folded(diffRows(runs)), [runs]);
  return (
    <div className={classes.sides} role="region" aria-label={texts.article.diffTable(from, to)} tabIndex={0}>
      <table>
        <colgroup>
          <col width={44} />
          <col />
          <col width={44} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <LineHead />
            <th scope="col">{texts.content.version(from)}</th>
            <LineHead />
            <th scope="col">{texts.content.version(to)}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part, index) =>
            'row' in part ? <Row key={index} row={part.row} /> : <Folded key={index} rows={part.folded} />,
          )}
        </tbody>
      </table>
    </div>
  );
}

function LineHead() {
  return (
    <th scope="col">
      <VisuallyHidden>{texts.article.line}</VisuallyHidden>
    </th>
  );
}

function Row({ row: { left, right, isChanged } }: { readonly row: DiffRow }) {
  return (
    <tr data-changed={isChanged || undefined}>
      <Side line={left} className={classes.old} />
      <Side line={right} className={classes.new} />
    </tr>
  );
}

function Side({ line, className }: { readonly line: DiffLine | null; readonly className: string | undefined }) {
  const side = line === null ? classes.absent : className;
  return (
    <>
      <td className={`${classes.number} ${side}`}>{line?.number}</td>
      <td className={`${classes.text} ${side}`}>{line !== null && <Runs runs={line.runs} />}</td>
    </>
  );
}

function Folded({ rows }: { readonly rows: readonly DiffRow[] }) {
  const [isOpen, open] = useState(false);
  if (isOpen) return rows.map((row, index) => <Row key={index} row={row} />);
  return (
    <tr>
      <td colSpan={4} className={classes.foldCell}>
        <button type="button" className={classes.fold} onClick={() => open(true)}>
          {texts.article.unchanged(rows.length)}
        </button>
      </td>
    </tr>
  );
}

import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './stacked-table.module.css';

/** A column; the first one names the row. */
export interface Column<Row> {
  readonly name: string;
  readonly show: (row: Row) => ReactNode;
  /** `number`: aligned as such. `wide`: has a line of its own on a phone. `action`: buttons, without a heading to be seen. */
  readonly as?: 'number' | 'wide' | 'action';
}

interface StackedTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
}

/** A table whose rows become cards on a phone. The roles are said, since browsers forget them when cells are no cells. */
export function StackedTable<Row>({ label, columns, rows, keyOf }: StackedTableProps<Row>) {
  return (
    <table role="table" aria-label={label} className={classes.table}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ name, as }) => (
            <th key={name} role="columnheader" scope="col" data-as={as}>
              {as === 'action' ? <VisuallyHidden>{name}</VisuallyHidden> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row" key={keyOf(row)}>
            {columns.map(({ name, show, as }, index) =>
              index === 0 ? (
                <th key={name} role="rowheader" scope="row">
                  {show(row)}
                </th>
              ) : (
                <td key={name} role="cell" data-as={as} data-label={name}>
                  {show(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

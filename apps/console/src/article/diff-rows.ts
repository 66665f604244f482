import type { Schemas } from '../api/client.js';

export type Run = Schemas['TextRunDto'];

/** A line of two texts side by side; null where one of them has none. */
export interface DiffRow {
  readonly left: DiffLine | null;
  readonly right: DiffLine | null;
  readonly isChanged: boolean;
}

export interface DiffLine {
  /** From 1, in its text. */
  readonly number: number;
  readonly runs: readonly Run[];
}

/** Lines that are not shown until somebody asks, or a line. */
export type DiffPart = { readonly folded: readonly DiffRow[] } | { readonly row: DiffRow };

/** Lines of context around a change. */
const context = 3;

/** Lays the runs of both texts out line by line: lines that both have stand beside each other. */
export function diffRows(runs: readonly Run[]): DiffRow[] {
  const rows: DiffRow[] = [];
  const numbers = { left: 0, right: 0 };
  let left: Run[][] = [[]];
  let right: Run[][] = [[]];
  const flush = () => {
    for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
      const [old, now] = [left[index], right[index]];
      const isChanged = old === undefined || now === undefined || [...old, ...now].some(({ op }) => op !== 'equal');
      rows.push({
        left: old === undefined ? null : { number: (numbers.left += 1), runs: old },
        right: now === undefined ? null : { number: (numbers.right += 1), runs: now },
        isChanged,
      });
    }
    [left, right] = [[[]], [[]]];
  };
  for (const { op, text } of runs) {
    text.split('\n').forEach((part, index) => {
      if (index > 0) {
        if (op === 'equal') flush();
        else (op === 'delete' ? left : right).push([]);
      }
      if (part === '') return;
      if (op !== 'insert') left.at(-1)?.push({ op, text: part });
      if (op !== 'delete') right.at(-1)?.push({ op, text: part });
    });
  }
  flush();
  return rows;
}

/** Folds what is the same, but for a few lines around each change. */
export function folded(rows: readonly DiffRow[]): DiffPart[] {
  const isNear = (index: number) => rows.slice(Math.max(0, index - context), index + context + 1).some(changed);
  const parts: DiffPart[] = [];
  let hidden: DiffRow[] = [];
  const unfold = () => {
    // Hiding a line or two saves nothing.
    if (hidden.length > 2) parts.push({ folded: hidden });
    else parts.push(...hidden.map((row) => ({ row })));
    hidden = [];
  };
  rows.forEach((row, index) => {
    if (!isNear(index)) return void hidden.push(row);
    unfold();
    parts.push({ row });
  });
  unfold();
  return parts;
}

const changed = ({ isChanged }: DiffRow) => isChanged;

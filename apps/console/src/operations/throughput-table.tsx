import { useKindTitle } from '../tasks/use-task-types.js';
import { texts } from '../texts.js';
import { colourOf, type Scheme } from './chart-colours.js';
import type { OverviewWindow } from './overview-search.js';
import { timeOf } from './piece-of-time.js';
import classes from './throughput.module.css';
import { formatAbout, sum, type Counts } from './totals.js';
import type { Overview } from './use-overview.js';

const measuresShown = ['submitted', 'succeeded', 'failed', 'cancelled'] as const;

interface ThroughputTableProps {
  readonly overview: Overview;
  readonly window: OverviewWindow;
  /** The piece of time that is pointed at in the chart; null: the whole window. */
  readonly pointed: number | null;
  readonly scheme: Scheme;
}

/** The legend of the chart, with numbers. */
export function ThroughputTable({ overview, window, pointed, scheme }: ThroughputTableProps) {
  const kindTitle = useKindTitle();
  const rows = overview.kinds.map(({ task_type, buckets }, index) => {
    const bucket = pointed === null ? undefined : buckets[pointed];
    return { task_type, colour: colourOf(index, scheme), counts: bucket ?? sum(buckets) };
  });
  return (
    <table className={classes.table}>
      <caption>{pointed === null ? texts.operations.lastWindow[window] : timeOf(overview, pointed)}</caption>
      <thead>
        <tr>
          {texts.throughput.columns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ task_type, colour, counts }) => (
          <tr key={task_type}>
            <th scope="row">
              <span className={classes.kind}>
                <span className={classes.swatch} style={{ background: colour }} />
                {kindTitle(task_type)}
              </span>
            </th>
            <Numbers counts={counts} />
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{texts.throughput.all}</th>
          <Numbers counts={sum(rows.map(({ counts }) => counts))} />
        </tr>
      </tfoot>
    </table>
  );
}

function Numbers({ counts }: { readonly counts: Counts }) {
  return measuresShown.map((name) => <td key={name}>{formatAbout(counts[name], counts.sampled)}</td>);
}

/** What one of our benchmarks has measured, and where it stands. */
export interface Figure {
  readonly value: number;
  readonly unit: 'µs' | 'kB' | 'MB' | 'clients';
  /** Benchmark, case and commit. */
  readonly source: string;
}

/** What the sizes rest on. CPU is that of all processes of a kind together. */
export interface Measured {
  /** CPU for one task from its submit to its end, as far as Longhaul causes it. */
  readonly task: Readonly<Record<'api' | 'worker' | 'postgres' | 'redis', Figure>>;
  /** CPU for one event beyond those of every task, of tasks that tell one a second; the api's is for each client that watches. */
  readonly event: Readonly<Record<'api' | 'worker' | 'postgres' | 'redis', Figure>>;
  /** Memory of the api for one watching client. */
  readonly client: Figure;
  /** Most watching clients of one api that were measured. */
  readonly mostClients: Figure;
  readonly idle: Readonly<Record<'api' | 'worker', Figure>>;
}

/** A row of a benchmark's table. */
interface Row {
  readonly cells: Readonly<Record<string, string>>;
  readonly source: string;
}

/**
 * Reads the figures out of docs/benchmarks.md, so that they are always those of the newest run.
 * @throws Error that names the benchmark to run when one is missing.
 */
export function readMeasured(markdown: string): Measured {
  const task = rowOf(markdown, 'noop [redis]', 'submit and run together');
  const watched = rowOf(markdown, 'sse [redis]', '500 clients, 500 jobs');
  const most = mostWatched(markdown);
  const idle = rowOf(markdown, 'memory [redis]', '100,000 jobs');
  const cpuOf = (row: Row, process: string): Figure => {
    const found = new RegExp(`\\b${process} ([\\d,]+)`).exec(row.cells['CPU of one (µs)'])?.[1];
    return { value: numberIn(found, `CPU of ${process}`, row), unit: 'µs', source: row.source };
  };
  const cpuOfAll = (row: Row) => ({
    api: cpuOf(row, 'api'),
    worker: cpuOf(row, 'worker'),
    postgres: cpuOf(row, 'postgres'),
    redis: cpuOf(row, 'redis'),
  });
  const memoryOf = (row: Row, column: string, unit: 'kB' | 'MB'): Figure => ({
    ...{ value: numberIn(row.cells[column], column, row), unit, source: row.source },
  });
  return {
    task: cpuOfAll(task),
    event: cpuOfAll(watched),
    client: memoryOf(rowOf(markdown, 'sse [redis]', '500 clients, one job'), 'client', 'kB'),
    mostClients: most,
    idle: { api: memoryOf(idle, 'api', 'MB'), worker: memoryOf(idle, 'worker', 'MB') },
  };
}

/** Longhaul's own row of a case. */
function rowOf(markdown: string, benchmark: string, name: string): Row {
  const section = sectionOf(markdown, benchmark);
  const commit = /commit ([0-9a-f]{7,})/.exec(section)?.[1] ?? 'unknown';
  const table = section.split(`\n${name}:\n`)[1]?.trimStart().split('\n\n')[0].split('\n') ?? [];
  const line = table.find((text) => /^\| longhaul +\|/.test(text));
  if (line === undefined) {
    const command = `npm run bench -- ${benchmark.split(' ')[0]} --backend redis`;
    throw new Error(`docs/benchmarks.md has no "${name}" of ${benchmark}: run "${command}" and write the page anew.`);
  }
  const [heads, values] = [table[0], line].map((text) => text.split('|').map((cell) => cell.trim()));
  return {
    cells: Object.fromEntries(heads.map((head, index) => [head, values[index]])),
    source: `${benchmark} ${name}, commit ${commit}`,
  };
}

function mostWatched(markdown: string): Figure {
  const section = sectionOf(markdown, 'sse [redis]');
  const counts = [...section.matchAll(/^([\d,]+) clients, .*:$/gm)].map(([, count]) =>
    Number(count.replaceAll(',', '')),
  );
  const commit = /commit ([0-9a-f]{7,})/.exec(section)?.[1] ?? 'unknown';
  return { value: Math.max(0, ...counts), unit: 'clients', source: `sse [redis], commit ${commit}` };
}

function sectionOf(markdown: string, benchmark: string): string {
  return markdown.split(`\n### ${benchmark}\n`)[1]?.split(/\n##+ /)[0] ?? '';
}

function numberIn(text: string | undefined, what: string, { source }: Row): number {
  const value = Number.parseFloat((text ?? '').replaceAll(',', ''));
  if (!(value > 0)) throw new Error(`docs/benchmarks.md says no ${what} in ${source}.`);
  return value;
}

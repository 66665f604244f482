import { isDeployed } from './kind-load.js';
import type { Lever } from './levers.js';
import type { Measured } from './measured.js';
import type { LoadPlan, Plan } from './plan.js';

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const decimal = (value: number) =>
  value >= 100 ? whole(value) : value < 0.0005 ? '0' : String(Number(value.toPrecision(value < 1 ? 2 : 3)));

/** Of each task in the benchmark that the CPU of an event comes from. */
const measuredEventsASecond = 1;

/** The plan as lines for people. */
export function reportLines(plan: Plan, measured: Measured): string[] {
  const { wish, usual, peak, connections, server, month } = plan;
  return [
    `Sizes for ${decimal(wish.rps)} tasks a second, ${decimal(peak.rps)} at the peak:`,
    '',
    ...table([
      ['', 'usual', 'peak', ''],
      [
        'api pods',
        ...both(plan, ({ api }) => api.pods),
        `${peak.api.size.cores} cores each; ${decimal(peak.api.cores)} cores used, ${whole(peak.api.streams)} streams at the peak`,
      ],
      ...usual.groups.map((group, index) => [
        `worker-${group.group} pods`,
        whole(group.pods),
        whole(peak.groups[index].pods),
        `${group.size.cores} cores each, WORKER_CONCURRENCY=${group.concurrency}; jobs use ${decimal(peak.groups[index].cores)} cores at the peak`,
      ]),
      [
        'nodes',
        ...both(plan, ({ nodes }) => nodes),
        `with ${decimal(wish.node.cores)} cores and ${decimal(wish.node.memory / 1024)} GiB for pods each, three zones`,
      ],
    ]),
    '',
    'Work at the peak (M/M/c, Little):',
    ...table([
      ['', 'running', 'slots', 'usage', 'wait', 'mean', 'p95', 'in line'],
      ...peak.groups.flatMap(({ kinds }) =>
        kinds.map(({ kind, slots, waiting }) => [
          ...[kind, decimal(waiting.running), whole(slots), `${(waiting.usage * 100).toFixed(1)} %`],
          ...[`${(waiting.waits * 100).toFixed(1)} %`, `${decimal(waiting.meanSeconds)} s`],
          ...[`${decimal(waiting.p95Seconds)} s`, decimal(waiting.waiting)],
        ]),
      ),
    ]),
    '',
    `PostgreSQL: ${whole(connections.all)} connections at most (${whole(connections.processes)} processes in a rollout × pools = ${whole(connections.pooled)}, ${whole(connections.direct)} to listen, ${connections.reserved} for others); ${decimal(peak.databaseCores)} cores used.`,
    server === null ? '  No server fits.' : `  ${server.cores} cores, max_connections ${whole(server.maxConnections)}.`,
    `Redis: ${whole(plan.redisMemory)} MB, no eviction.`,
    `A month: ${whole(month.tasks)} tasks, ${whole(month.requests)} requests, ${whole(month.events)} events. Costs: none are reckoned here.`,
    '',
    ...plan.problems.map((problem) => `PROBLEM: ${problem}`),
    ...plan.warnings.map((warning) => `WARNING: ${warning}`),
    ...notes(plan),
    'Measured by our benchmarks (docs/benchmarks.md; 2 cores shared with the load):',
    ...sources(measured).map((line) => `  ${line}`),
    'Assumed: a read costs the api as much as a submit and the database a quarter of one; cores of jobs are what you said.',
  ];
}

/** What can be done about a plan that does not fit, and which of it the sizes below are for. */
export function leverLines(asked: Plan, levers: readonly Lever[], taken: Lever | undefined): string[] {
  if (levers.length === 0) return [];
  const row = (name: string, { peak, connections, server }: Plan, times: number) => [
    ...[name, whole(times * peak.groups.reduce((sum, { pods }) => sum + pods, 0)), whole(times * peak.nodes)],
    ...[whole(connections.all), server === null ? 'none' : `${times === 1 ? '' : `${times} × `}${server.cores} cores`],
  ];
  return [
    `As it was asked for it does not fit. ${asked.problems.join(' ')}`,
    'What would help, at the peak:',
    ...table([
      ['', 'worker pods', 'nodes', 'connections', 'PostgreSQL'],
      row('as asked', asked, 1),
      ...levers.map(({ options, installations, plan }) =>
        row(`${installations === 1 ? '' : `${installations} installations: `}${flags(options)}`, plan, installations),
      ),
    ]).map((line) => `  ${line}`),
    'A pod uses more than one core as far as its handlers compute in threads or processes of their own.',
    taken === undefined
      ? 'None is taken, because it was asked for otherwise: give the options of one.'
      : `Taken below: ${flags(taken.options)}`,
    '',
  ];
}

/** The options as they are given on the command line. */
function flags(options: Lever['options']): string {
  return Object.entries(options)
    .map(([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${value}`)
    .join(' ');
}

function both({ usual, peak }: Plan, of: (load: LoadPlan) => number): string[] {
  return [usual, peak].map((load) => whole(of(load)));
}

/** What has to be done beside the sizes, and where they are less sure. */
export function notes({ wish }: Plan): string[] {
  return wish.kinds.flatMap((kind) => [
    ...(isDeployed(kind)
      ? []
      : [`NOTE: put ${kind.kind} into WORKER_KINDS and into the scaler's query of worker-${kind.group}.`]),
    ...(wish.events / kind.seconds > measuredEventsASecond
      ? [
          `NOTE: a task of ${kind.kind} tells ${decimal(wish.events / kind.seconds)} events a second; measured was one. ` +
            'A task writes four times a second at most, with all that it told meanwhile: the cores are rather too many.',
        ]
      : []),
  ]);
}

function sources({ task, event, client, mostClients, idle }: Measured): string[] {
  const figures = [
    ...Object.entries(task).map(([process, figure]) => [`CPU of one task, ${process}`, figure] as const),
    ['CPU of the api for one event of one watcher', event.api] as const,
    ['CPU of one event beyond the first three, worker', event.worker] as const,
    ['CPU of one event beyond the first three, postgres', event.postgres] as const,
    ['memory of one watcher', client] as const,
    ['most watchers of one api', mostClients] as const,
    ['memory of an idle api', idle.api] as const,
    ['memory of an idle worker', idle.worker] as const,
  ];
  return figures.map(
    ([what, { value, unit, source }]) => `${what}: ${value.toLocaleString('en-US')} ${unit} (${source})`,
  );
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || cell.length > 12 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
}

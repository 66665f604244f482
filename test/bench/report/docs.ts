import type { Benchmark } from '../benchmark.js';
import { concurrency } from '../settings.js';
import { goalTable } from './goal-table.js';
import type { BenchmarkResult } from './result.js';
import { caseTable } from './table.js';

const introduction = `# Benchmarks

\`npm run bench -- [name…] [--backend redis|postgres] [--rounds N] [--case TEXT] [--baseline FILE] [--quick] [--list]\` measures Longhaul
beside its own parts and its peers, on the machine where it runs. This page is written by \`npm run bench -- --write-docs\`
from the results that are kept in \`.longhaul/bench/results.json\` (another file: \`--out\`); quick runs are left out of it.

What holds in every benchmark:
- One run measures all contenders of a case in turns, round by round; figures are medians of the rounds, quotients the
  medians of the quotients of neighbouring rounds. Compare quotients: absolute figures change with the machine's mood.
- Longhaul runs as in production: \`NODE_ENV=production\`, real HTTP, signed access tokens of four users, rate limits and
  backpressure on (set high), validation on, log level \`info\`, PostgreSQL with \`fsync\` and all other defaults, Redis with its
  append-only file. One api and one worker process, which runs up to ${concurrency} jobs at once, as each peer's does.
- Load comes from processes of its own, on the same machine: a closed loop of so many connections, each of which sends its
  next request when it has its answer. Any answer that was not expected fails the benchmark.
- CPU is the time that each process used for one request or job: it explains the quotients.

- A goal that compares p99 with a peer's means the same number of connections.

The peers, each on a database of its own in the same server:
- \`nest-fastify\`: a bare Nest application on Fastify, which stores nothing, checks nothing and answers at once;
- \`usual-way\`: what most would write instead: Nest, BullMQ on Redis and TypeORM as their guides show them, with a row a job,
  \`save()\` at each change of status, QueueEvents to SSE, passport-jwt, class-validator, the throttler with its own storage;
- \`bullmq-redis\`, \`bullmq-postgres\`, \`graphile-worker\` (also with its batches) and \`pg-boss\` alone: no HTTP, no row of a job
  beside their own; one process adds jobs, another one runs them.

What the cases do not say by themselves:
- Latencies over SSE are from the event's time in the database to its arrival at the client, by the clock of one machine.
  All tasks tick at the same time and end a second after their last tick, so a burst of one event for each client is what is
  measured. The clients are one process, which uses two thirds of the CPU time that the api does: with two cores for both and
  the stores, the last client's latency is mostly the time of the writes before it.
  Memory of a client is what the api's proportional set size grew by, when all are connected and in the middle of the events.
- \`cold-start\` and \`memory\` run the built apps (\`npm run build\` first), with a shipped kind; the others run the sources, with
  kinds of the benchmarks beside the shipped ones. Growth of memory is counted from a rest after the first tenth of the jobs.
- \`telemetry\` scrapes metrics every 15 s; the collector takes spans and drops them unread, and its CPU time is not shown.
- Finished tasks come from SQL, with their three events each, spread over the last twenty days.
- \`--profile\` writes CPU profiles of all processes beside their logs in \`.longhaul/bench/logs\`.
`;

/** The page of docs/benchmarks.md. @param results quick ones are left out. */
export function benchmarksPage(known: readonly Benchmark[], results: readonly BenchmarkResult[]): string {
  const real = results.filter(({ quick }) => !quick);
  const sections = known.map((benchmark) =>
    section(
      benchmark,
      real.filter((one) => one.benchmark === benchmark.name),
    ),
  );
  return [introduction, `## Goals\n\n${goalTable(real, true)}\n`, ...sections].join('\n');
}

function section({ name, title }: Benchmark, results: readonly BenchmarkResult[]): string {
  const parts = results.map((result) =>
    [
      `### ${name} [${result.backend}]`,
      about(result),
      ...result.cases.map((one) => `${one.name}:\n\n${caseTable(one)}`),
      ...(result.failure === undefined ? [] : [`It could not be completed: ${result.failure}`]),
    ].join('\n\n'),
  );
  return `## ${name}\n\n${title}.\n\n${parts.length === 0 ? 'Not measured yet.' : parts.join('\n\n')}\n`;
}

function about({ benchmark, backend, rounds, commit, date, machine }: BenchmarkResult): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return `\`npm run bench -- ${benchmark} --backend ${backend} --rounds ${rounds}\` on ${date.slice(0, 10)}, commit ${commit}: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Linux ${machine.kernel}, data sync ${machine.syncUs} µs; ${versions.join(', ')}.`;
}

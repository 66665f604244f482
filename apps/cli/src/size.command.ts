import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readKinds } from './size/kind-load.js';
import { gentlest, leversOf } from './size/levers.js';
import { readMeasured } from './size/measured.js';
import { allocatable } from './size/nodes.js';
import { writeOverlay } from './size/overlay.js';
import { makePlan, type Plan, type Wish } from './size/plan.js';
import { leverLines, reportLines } from './size/report.js';
import { simulate } from './size/simulate.js';

/** The options as commander hands them over. */
type Options = Readonly<Record<OfNumbers, number>> &
  Readonly<Record<'apis' | 'ioPods' | 'cpuPods' | 'maxConnections', number | undefined>> & {
    readonly kinds: readonly string[];
    readonly backend: Wish['backend'];
    readonly write?: string;
    readonly json?: boolean;
    readonly simulate?: boolean;
  };
type OfNumbers =
  | ('rps' | 'peak' | 'wait' | 'reads' | 'watchers' | 'events' | 'delayed' | 'pool')
  | ('ioConcurrency' | 'cpuConcurrency' | 'ioCores' | 'cpuCores' | 'nodeCores' | 'nodeMemory' | 'nodePods');

const countable = [
  ['--apis <n>', 'api pods that are there, in place of as many as needed'],
  ['--io-pods <n>', 'pods of worker-io that are there'],
  ['--cpu-pods <n>', 'pods of worker-cpu that are there'],
  ['--max-connections <n>', 'of PostgreSQL, in place of what Azure sets for the size'],
] as const;
const measures = [
  ['--peak <factor>', 'how many times as much comes at the busiest time', 1.5, 1],
  ['--wait <seconds>', '95 of 100 tasks start within so many seconds', 5, 0.01],
  ['--reads <n>', 'reads of each task', 2, 0],
  ['--watchers <n>', 'streams of each task that are watched', 1, 0],
  ['--events <n>', 'events of each task', 10, 3],
  ['--delayed <n>', 'tasks that wait for their time at once', 0, 0],
  ['--pool <n>', 'DATABASE_POOL_SIZE', 10, 2],
  ['--io-concurrency <n>', 'WORKER_CONCURRENCY of worker-io at most', 20, 1],
  ['--cpu-concurrency <n>', 'WORKER_CONCURRENCY of worker-cpu at most', 2, 1],
  ['--io-cores <n>', 'cores of a pod of worker-io', 1, 0.1],
  ['--cpu-cores <n>', 'cores of a pod of worker-cpu', 1, 0.1],
  ['--node-cores <n>', 'cores of a node', 8, 1],
  ['--node-memory <GiB>', 'memory of a node', 32, 2],
  ['--node-pods <n>', 'most pods of a node', 110, 15],
] as const;

/** `size`: what an installation needs for a load. Its exit code is 1 when it cannot work as it was asked for. */
export function sizeCommand(): Command {
  const command = new Command('size')
    .description('Reckons pods, nodes, connections and memory for a load.')
    .requiredOption('--rps <n>', 'tasks that are submitted in a second', atLeast(0.0001))
    .requiredOption('--kinds <kind:time:cores…>', 'such as web_scrape:30s:0.5cpu simulation:5s:1cpu:20%', collect, []);
  for (const [flags, description, value, least] of measures) command.option(flags, description, atLeast(least), value);
  for (const [flags, description] of countable) command.option(flags, description, atLeast(1));
  return command
    .addOption(new Option('--backend <store>', 'where the queues are').choices(['redis', 'postgres']).default('redis'))
    .option('--simulate', 'plays 300,000 jobs of each kind and shows what waited')
    .option('--write <overlay>', 'writes the values into an overlay of deploy/kubernetes')
    .option('--json', 'prints JSON')
    .argument('[kinds...]', 'further kinds')
    .action(size);
}

function size(further: readonly string[], options: Options, command: Command): void {
  const measured = readMeasured(benchmarksPage());
  const asked = makePlan(wishOf(options, readKinds([...options.kinds, ...further])), measured);
  const levers = leversOf(asked, measured);
  // What was said in so many words stays as it is.
  const taken = gentlest(levers, (option) => command.getOptionValueSource(option) === 'default');
  const plan = taken?.plan ?? asked;
  const seen = options.simulate ? simulated(plan) : undefined;
  if (options.json) {
    const effects = levers.map(({ plan: { peak, connections, server }, ...lever }) => ({
      ...lever,
      ...{ groups: peak.groups.map(({ group, pods }) => ({ group, pods })), nodes: peak.nodes, connections, server },
    }));
    say(JSON.stringify({ ...plan, levers: effects, taken: taken?.options, measured, simulated: seen }, null, 2));
  } else {
    [...leverLines(asked, levers, taken), ...reportLines(plan, measured)].forEach(say);
    seen?.forEach((row) =>
      say(
        `Simulated ${row.kind}: ${row.running.toFixed(1)} running, mean wait ${row.meanSeconds.toFixed(3)} s, p95 ${row.p95Seconds.toFixed(3)} s.`,
      ),
    );
  }
  if (plan.problems.length > 0) {
    process.exitCode = 1;
    if (options.write !== undefined && !options.json) say('Nothing is written.');
  } else if (options.write !== undefined) write(options.write, plan, options.json === true);
}

function wishOf(options: Options, kinds: Wish['kinds']): Wish {
  const { rps, peak, wait, reads, watchers, events, delayed, pool, backend } = options;
  return {
    ...{ rps, peak, kinds, wait, reads, watchers, events, delayed, pool, backend },
    concurrency: { io: options.ioConcurrency, cpu: options.cpuConcurrency },
    podCores: { io: options.ioCores, cpu: options.cpuCores },
    fixed: { api: options.apis, io: options.ioPods, cpu: options.cpuPods },
    maxConnections: options.maxConnections ?? null,
    node: allocatable(options.nodeCores, options.nodeMemory, options.nodePods),
  };
}

function simulated({ peak }: Plan) {
  return peak.groups.flatMap(({ kinds }) =>
    kinds.map(({ kind, share, seconds, slots }) => ({
      kind,
      ...simulate({ rate: peak.rps * share, seconds, slots }, 300_000, 1),
    })),
  );
}

function write(folder: string, plan: Plan, quiet: boolean): void {
  const isNamed = writeOverlay(folder, plan);
  if (quiet) return;
  say(`Written: ${folder}/sizing/kustomization.yaml`);
  if (!isNamed) say(`Add it to ${folder}/kustomization.yaml, as the last of its components: "- sizing".`);
}

/** @throws Error outside of the project's folder. */
function benchmarksPage(): string {
  try {
    return readFileSync('docs/benchmarks.md', 'utf8');
  } catch {
    throw new Error('docs/benchmarks.md is not here: call it in the folder of the project.');
  }
}

function atLeast(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least) || !Number.isFinite(value)) {
      throw new InvalidArgumentError(`It has to be a number from ${least} on.`);
    }
    return value;
  };
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

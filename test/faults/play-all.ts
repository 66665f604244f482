import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Backend } from '../support/backends.js';
import type { Evidence } from './checks/evidence.js';
import type { Fault } from './fault.js';
import { whatIsMissing } from './needs.js';
import { onSmallDisk } from './on-small-disk.js';
import { commandFor, keepFindings } from './report/keep.js';
import { line, summary, table } from './report/table.js';
import { judge, type Verdict } from './report/verdict.js';
import { runFault, type RunOptions } from './run-fault.js';
import { StagePostgres } from './stage/postgres.js';
import { StageRedis } from './stage/redis.js';
import { takeSlot } from './stage/slot.js';
import type { Servers } from './stage/stage.js';
import { crowdingNow } from './watch/cpu-meter.js';

export interface PlayOptions extends Pick<
  RunOptions,
  'bug' | 'jobs' | 'seed' | 'settings' | 'brief' | 'root' | 'signal'
> {
  readonly faults: readonly Fault[];
  readonly backends: readonly Backend[];
  /** Of which faults the evidence is kept. */
  readonly keep: 'failed' | 'all' | 'none';
  /** Of servers and evidence. */
  readonly folder: string;
}

/** A fault that takes longer than this, and than twice a second a job, hangs. */
const leastLimitMs = 5 * 60_000;

/** Plays the faults one after the other and prints what became of them. @returns whether all were survived. */
export async function playAll(options: PlayOptions): Promise<boolean> {
  const verdicts: Verdict[] = [];
  await withServers(options.folder, async (servers) => {
    for (const backend of options.backends) {
      for (const fault of options.faults.filter(({ backends }) => backends.includes(backend))) {
        if (options.signal.aborted) break;
        const verdict = await played(servers, fault, backend, options);
        verdicts.push(verdict);
        print(line(verdict));
      }
    }
  });
  print(`\n${table(verdicts, options.settings)}\n\n${summary(verdicts)}`);
  return verdicts.every(({ verdict }) => verdict === 'survived');
}

/** Runs an action with servers of its own, which are ended afterwards. */
export async function withServers(parent: string, action: (servers: Servers) => Promise<void>): Promise<void> {
  const slot = await takeSlot(parent);
  const servers = await startServers(slot.folder);
  try {
    await action(servers);
  } finally {
    servers.redis?.kill();
    await servers.postgres.stop();
    await slot.release();
  }
}

async function startServers(folder: string): Promise<Servers> {
  const redis = await StageRedis.start(folder);
  process.on('exit', () => redis?.kill());
  return { postgres: await StagePostgres.start(folder), redis };
}

/** What became of one fault. */
export async function played(
  servers: Servers,
  fault: Fault,
  backend: Backend,
  options: Omit<PlayOptions, 'faults' | 'backends'>,
): Promise<Verdict> {
  const { bug, jobs, seed, settings, root } = options;
  const about = { fault, bug, backend, jobs, seed, settings, brief: options.brief };
  const missing = whatIsMissing(fault, backend, servers);
  if (missing !== undefined)
    return { options: about, verdict: 'SKIPPED', why: missing, findings: [], seconds: 0, accepted: 0, crowding: 0 };
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const folder = join(options.folder, 'runs', `${stamp}-${fault.name}-${backend}`);
  const limit = AbortSignal.timeout(leastLimitMs + jobs * 500);
  const run = { ...about, root, folder, signal: AbortSignal.any([limit, options.signal]) };
  const startedAt = performance.now();
  let evidence: Evidence | undefined;
  let judged: Pick<Verdict, 'verdict' | 'why' | 'findings' | 'recovery' | 'met'>;
  try {
    evidence = await (fault.smallDisk === true
      ? onSmallDisk(servers, folder, (own) => runFault(own, run))
      : runFault(servers, run));
    judged = judge(evidence);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    judged = { verdict: limit.aborted ? 'HUNG' : 'BROKEN', why, findings: [] };
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const accepted = evidence?.accepted.length ?? jobs;
  const verdict = { ...judged, seconds, accepted, crowding: evidence?.crowding ?? crowdingNow() };
  const wanted = options.keep === 'all' || (options.keep === 'failed' && verdict.verdict !== 'survived');
  const worthKeeping = wanted && !options.signal.aborted;
  if (!worthKeeping) await rm(folder, { recursive: true, force: true });
  else await keep(run, verdict, evidence);
  return { options: about, ...verdict };
}

async function keep(run: RunOptions, verdict: Omit<Verdict, 'options'>, evidence: Evidence | undefined) {
  await keepFindings(run.folder, verdict, run, evidence);
  print(`  kept: ${relative(process.cwd(), run.folder)}`);
  print(`  again: ${commandFor(run)}`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

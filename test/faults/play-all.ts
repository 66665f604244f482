import { rm } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join, relative } from 'node:path';
import type { Backend } from '../support/backends.js';
import type { Evidence } from './checks/evidence.js';
import type { Fault } from './fault.js';
import { whatIsMissing } from './needs.js';
import { commandFor, keepFindings } from './report/keep.js';
import { line, summary, table } from './report/table.js';
import { judge, type Verdict } from './report/verdict.js';
import { runFault, type RunOptions } from './run-fault.js';
import { StagePostgres } from './stage/postgres.js';
import { StageRedis } from './stage/redis.js';
import { takeSlot } from './stage/slot.js';
import type { Servers } from './stage/stage.js';

export interface PlayOptions extends Pick<RunOptions, 'jobs' | 'seed' | 'settings' | 'root' | 'signal'> {
  readonly faults: readonly Fault[];
  readonly backends: readonly Backend[];
  /** Keeps the evidence of faults that were survived, too. */
  readonly keep: boolean;
  /** Of servers and evidence. */
  readonly folder: string;
}

/** A fault that takes longer than this, and than twice a second a job, hangs. */
const leastLimitMs = 5 * 60_000;

/** Plays the faults one after the other and prints what became of them. @returns whether all were survived. */
export async function playAll(options: PlayOptions): Promise<boolean> {
  const slot = await takeSlot(options.folder);
  const servers = await startServers(slot.folder);
  const verdicts: Verdict[] = [];
  try {
    for (const backend of options.backends) {
      for (const fault of options.faults.filter(({ backends }) => backends.includes(backend))) {
        if (options.signal.aborted) break;
        const verdict = await play(servers, fault, backend, options);
        verdicts.push(verdict);
        print(line(verdict));
      }
    }
  } finally {
    servers.redis?.kill();
    await servers.postgres.stop();
    await slot.release();
  }
  print(`\n${table(verdicts, options.settings)}\n\n${summary(verdicts)}`);
  return verdicts.every(({ verdict }) => verdict === 'survived');
}

async function startServers(folder: string): Promise<Servers> {
  const redis = await StageRedis.start(folder);
  process.on('exit', () => redis?.kill());
  return { postgres: await StagePostgres.start(folder), redis };
}

async function play(servers: Servers, fault: Fault, backend: Backend, options: PlayOptions): Promise<Verdict> {
  const { jobs, seed, settings, root } = options;
  const about = { fault, backend, jobs, seed, settings };
  const missing = whatIsMissing(fault, backend, servers);
  if (missing !== undefined)
    return { options: about, verdict: 'SKIPPED', why: missing, findings: [], seconds: 0, accepted: 0, crowding: 0 };
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const folder = join(options.folder, 'runs', `${stamp}-${fault.name}-${backend}`);
  const limit = AbortSignal.timeout(leastLimitMs + jobs * 500);
  const run = { ...about, root, folder, signal: AbortSignal.any([limit, options.signal]) };
  const startedAt = performance.now();
  let evidence: Evidence | undefined;
  let judged: Pick<Verdict, 'verdict' | 'why' | 'findings' | 'recovery'>;
  try {
    evidence = await runFault(servers, run);
    judged = judge(evidence);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    judged = { verdict: limit.aborted ? 'HUNG' : 'BROKEN', why, findings: [] };
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const accepted = evidence?.accepted.length ?? jobs;
  const verdict = { ...judged, seconds, accepted, crowding: loadavg()[0] / availableParallelism() };
  const worthKeeping = (options.keep || verdict.verdict !== 'survived') && !options.signal.aborted;
  if (!worthKeeping) await rm(folder, { recursive: true, force: true });
  else await keep(run, verdict, evidence);
  return { options: about, ...verdict };
}

async function keep(run: RunOptions, verdict: Omit<Verdict, 'options'>, evidence: Evidence | undefined) {
  await keepFindings(run.folder, verdict, run, evidence);
  print(`  kept: ${relative(process.cwd(), run.folder)}`);
  print(`  again: ${commandFor(run)}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Backend } from '../support/backends.js';
import { Random } from '../support/random.js';
import type { AppRecord, Evidence } from './checks/evidence.js';
import { readJobs } from './checks/evidence.js';
import { mostOrphanMs } from './checks/lanes.js';
import { wayBackMs } from './checks/recovery.js';
import type { Fault } from './fault.js';
import { Injection } from './injection.js';
import { mixedJobs } from './load/job-mix.js';
import { Ledger } from './load/ledger.js';
import { Load } from './load/load.js';
import { commonSettings, settingSets, type SettingsName } from './settings.js';
import type { App } from './stage/app.js';
import { residentBytes, until } from './stage/processes.js';
import { Stage, type Servers } from './stage/stage.js';
import { CpuMeter } from './watch/cpu-meter.js';
import { EffectSink } from './watch/effect-sink.js';
import { LaneWatch } from './watch/lane-watch.js';
import { readUsurpations, watchLeaders } from './watch/leaders.js';
import { LogRecorder } from './watch/log-recorder.js';
import { Probes } from './watch/probes.js';
import { record, type Recording } from './watch/stream-recorder.js';

export interface RunOptions {
  readonly fault: Fault;
  readonly backend: Backend;
  readonly jobs: number;
  readonly seed: number;
  readonly settings: SettingsName;
  /** Fewer blows of each fault. */
  readonly brief: boolean;
  /** The seeded bug that is tried, or whose situation is tried without it. */
  readonly bug?: string;
  /** The tree whose sources run. */
  readonly root: string;
  /** Gets logs and the ledger. */
  readonly folder: string;
  /** Gives the run up. */
  readonly signal: AbortSignal;
}

const clients = 8;
/** Evenly paced submits come over this time, or at this rate if that takes longer. */
const leastLoadMs = 8_000;
const leastBriefLoadMs = 5_000;
const mostJobsPerSecond = 100;
/** A third of the jobs, or the hang of an api, is waited for this long. */
const acceptMs = 60_000;
/** Jobs that a client watches on an event stream. */
const watched = 40;

/** Puts one fault on the stage: load, blow, healing, rest; and collects everything that was seen. */
export async function runFault(servers: Servers, options: RunOptions): Promise<Evidence> {
  await mkdir(options.folder, { recursive: true });
  const sink = await EffectSink.open();
  const ledger = await Ledger.open(join(options.folder, 'ledger.jsonl'));
  const { fault, backend, root, folder, signal } = options;
  const settings = { ...commonSettings, ...settingSets[options.settings], ...fault.settings };
  const proxied = fault.proxied === true;
  const { clocks } = fault;
  const stage = await Stage.open(servers, {
    backend,
    root,
    settings,
    proxied,
    clocks,
    logFolder: folder,
    sinkUrl: sink.url,
  });
  const injection = new Injection(signal, options.brief);
  try {
    await watchLeaders(stage);
    await stage.start();
    const seen = await play(stage, { sink, ledger, injection, options });
    await stage.stopApps();
    return { ...seen, outlivers: await outlivers(stage) };
  } finally {
    await injection.healAll();
    await stage.close();
    await ledger.close();
    await sink.close();
  }
}

interface Props {
  readonly sink: EffectSink;
  readonly ledger: Ledger;
  readonly injection: Injection;
  readonly options: RunOptions;
}

async function play(stage: Stage, { sink, ledger, injection, options }: Props): Promise<Omit<Evidence, 'outlivers'>> {
  const { fault, signal, jobs, seed } = options;
  const random = new Random(seed);
  // The plans have choices of their own: how many there will be depends on how long the fault takes.
  const planned = new Random(seed);
  const before = {
    processes: stage.apps.map((app) => measure(app)),
    connections: await stage.connections(),
    resident: residentOf(stage),
  };
  const probes = new Probes(stage.apps);
  const meter = new CpuMeter(stage.apps);
  const lanes = new LaneWatch(stage);
  const recordings: Promise<Recording>[] = [];
  const ended = new AbortController();
  const watching = AbortSignal.any([ended.signal, signal]);
  const log = new LogRecorder(stage.callers.admin.token, stage.apis, new Random(seed));
  const load = new Load(
    (index) => (fault.mix ?? mixedJobs)(planned, index, stage.config),
    jobs,
    stage.apis,
    stage.callers,
    ledger,
    ({ taskId, plan }) => {
      if (recordings.length >= watched) return;
      const { token } = stage.callers.owners[plan.owner];
      recordings.push(record(taskId, token, stage.apis, new Random(seed + recordings.length), watching));
    },
    signal,
  );
  try {
    await log.open(watching);
    const loaded = load.run(clients);
    const paced = fault.paced === undefined ? load.permitOver(paceMs(options)) : Promise.resolve();
    const injected = inject(stage, load, sink, random, injection, options);
    await Promise.all([loaded, paced, injected.finally(() => load.close())]);
    await rest(stage, jobs, signal);
    await settle([...recordings, log.reaches(stage, watching)], ended, signal);
    // A probe that is on its way when the processes are stopped would find nobody.
    probes.stop();
    meter.stop();
    return {
      config: stage.config,
      accepted: ledger.accepted,
      jobs: await readJobs(stage),
      cancelled: load.cancelled,
      wrongAnswers: load.wrongAnswers,
      effects: sink.calls,
      recordings: await Promise.all(recordings),
      log: log.seqs,
      usurpations: await readUsurpations(stage),
      orderly: fault.orderly === true,
      probes: probes.taken,
      cpu: meter.readings,
      apps: stage.apps.map((app, index) => recordOf(app, before.processes[index])),
      blows: injection.blows,
      disorderly: injection.disorderly,
      crashes: fault.crashes ?? [],
      connectionsBefore: before.connections,
      connectionsAfter: await stage.connections(),
      residentBefore: before.resident,
      residentAfter: residentOf(stage),
      lanes: lanes.seen,
      crowding: meter.crowding,
    };
  } finally {
    probes.stop();
    meter.stop();
    lanes.stop();
    ended.abort();
  }
}

async function inject(
  stage: Stage,
  load: Load,
  sink: EffectSink,
  random: Random,
  injection: Injection,
  { fault, jobs, brief, signal }: RunOptions,
): Promise<void> {
  const accepted = async () => {
    const [row] = await stage.sql<{ all: number; running: number }>(
      `SELECT count(*)::integer AS "all", count(*) FILTER (WHERE status = 'RUNNING')::integer AS running FROM jobs`,
    );
    return row.all >= jobs / 3 && row.running > 0;
  };
  if (fault.paced === undefined)
    await until(accepted, acceptMs + paceMs({ jobs, brief }), 'a third of the jobs', signal);
  await fault.inject(injection.scene({ stage, load, sink, random }));
}

function paceMs({ jobs, brief }: Pick<RunOptions, 'jobs' | 'brief'>): number {
  return Math.max(brief ? leastBriefLoadMs : leastLoadMs, (jobs / mostJobsPerSecond) * 1000);
}

/**
 * Waits until every job has ended. Jobs are taken to be stuck when nothing at all has happened to any of them for
 * twice what the slowest way back takes.
 */
async function rest(stage: Stage, jobs: number, signal: AbortSignal): Promise<void> {
  let seen = '';
  let changedAt = performance.now();
  while (performance.now() - changedAt < 2 * wayBackMs(stage.config)) {
    signal.throwIfAborted();
    const [row] = await stage.sql<{ open: number; events: number }>(
      `SELECT (SELECT count(*) FROM jobs WHERE status IN ('PENDING', 'RUNNING'))::integer AS open,
              (SELECT sum(last_seq) FROM jobs)::integer AS events`,
    );
    if (row.open === 0) return;
    const now = `${row.open} ${row.events}`;
    if (now !== seen) changedAt = performance.now();
    seen = now;
    await pause(jobs > 2_000 ? 1_000 : 200);
  }
}

/** Streams of ended jobs end soon: whatever was lost on the way is polled for within five seconds. */
async function settle(recordings: readonly Promise<unknown>[], ended: AbortController, signal: AbortSignal) {
  const patience = AbortSignal.any([AbortSignal.timeout(20_000), signal]);
  const late = new Promise<void>((resolve) => patience.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([Promise.all(recordings), late]);
  ended.abort();
}

/** What is still there of a stage whose apps have ended, when its lanes have had their time; it is ended then. */
async function outlivers(stage: Stage): Promise<number[]> {
  await until(() => stage.processes().length === 0, mostOrphanMs(stage.config), 'the lanes to end').catch(
    () => undefined,
  );
  const left = stage.processes();
  for (const pid of left) process.kill(pid, 'SIGKILL');
  return left;
}

type Measured = Readonly<Record<'pid' | 'handles' | 'resident', number>>;

function measure({ pid, handles, resident }: App): Measured {
  return { pid, handles, resident };
}

function residentOf(stage: Stage): number {
  return stage.processes().reduce((sum, pid) => sum + residentBytes(pid), 0);
}

function recordOf(app: App, before: Measured): AppRecord {
  const { name, absences, accidents, log } = app;
  const after = measure(app);
  return {
    name,
    absences,
    accidents,
    logLinesPerSecond: log.mostPerSecond,
    handlesBefore: before.handles,
    handlesAfter: after.handles,
    livedThrough: before.pid === after.pid,
    residentBefore: before.resident,
    residentAfter: after.resident,
  };
}

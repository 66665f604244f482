import { connectionsOf, mostConnections, serverFor, type Connections, type DatabaseServer } from './connections.js';
import type { KindLoad, WorkerGroup } from './kind-load.js';
import { workerGroups } from './kind-load.js';
import type { Measured } from './measured.js';
import { nodesFor, type NodeSize, type PodSize } from './nodes.js';
import { slotsFor, UnstableError, waitingOf, type Waiting } from './queueing.js';

/** What is asked for, and on what. */
export interface Wish {
  /** Tasks that are submitted in a second, on average. */
  readonly rps: number;
  /** How many times as many come at the busiest time. */
  readonly peak: number;
  readonly kinds: readonly KindLoad[];
  /** 95 of 100 tasks are to start within so many seconds. */
  readonly wait: number;
  /** Reads of each task. */
  readonly reads: number;
  /** Streams of each task that are watched until its end. */
  readonly watchers: number;
  /** Events of each task. */
  readonly events: number;
  /** Tasks that wait for their time (`run_at`, retries) at once. */
  readonly delayed: number;
  readonly concurrency: Readonly<Record<WorkerGroup, number>>;
  readonly podCores: Readonly<Record<WorkerGroup, number>>;
  /** Numbers of pods that are there already and have to do. */
  readonly fixed: Readonly<Partial<Record<WorkerGroup | 'api', number>>>;
  readonly pool: number;
  readonly maxConnections: number | null;
  readonly backend: 'redis' | 'postgres';
  readonly node: NodeSize;
}

export interface GroupPlan {
  readonly group: WorkerGroup;
  readonly pods: number;
  /** WORKER_CONCURRENCY: slots of each kind in a pod. */
  readonly concurrency: number;
  /** Jobs of its busiest kind for which the scaler is to start a pod: fewer than slots where cores are what is short. */
  readonly jobsPerPod: number;
  readonly size: PodSize;
  /** Cores that its jobs use, on average. */
  readonly cores: number;
  readonly kinds: readonly (KindLoad & { readonly slots: number; readonly waiting: Waiting })[];
}
export interface ApiPlan {
  readonly pods: number;
  readonly size: PodSize;
  readonly cores: number;
  /** Open streams at once, on average. */
  readonly streams: number;
}

/** What a load needs. */
export interface LoadPlan {
  readonly rps: number;
  readonly api: ApiPlan;
  readonly groups: readonly GroupPlan[];
  readonly nodes: number;
  readonly databaseCores: number;
}

/** Everything that is printed and written. */
export interface Plan {
  readonly wish: Wish;
  readonly usual: LoadPlan;
  readonly peak: LoadPlan;
  /** At the peak, in the middle of a rollout. */
  readonly connections: Connections;
  readonly server: DatabaseServer | null;
  /** In MB. */
  readonly redisMemory: number;
  readonly month: { readonly tasks: number; readonly requests: number; readonly events: number };
  /** Why it will not work like this; empty when it will. */
  readonly problems: readonly string[];
  /** What works, and yet should be known. */
  readonly warnings: readonly string[];
}

/** How much of its cores a process is to use on average: more, and what varies within a second has to wait. */
const usable = { api: 0.7, worker: 0.8, postgres: 0.6 };
/** Requests of an api pod, in cores: the autoscaler adds pods at 70 % of it. One process uses one core and little more. */
const apiCores = [0.25, 0.5, 1];
/** Memory that pods of `deploy/kubernetes` ask for, in MiB. */
const podMemory = { api: 320, io: 768, cpu: 768 };
/** Slots that they have for it; with more of them a pod asks for as much more. */
const podSlots = { io: 20, cpu: 2 };
/** So that one answers while the other restarts or its node is drained. */
const fewestApis = 2;
const oneApi =
  'One api is enough for the load at best: while it restarts or its node is drained, nobody answers. Take two.';
/** Of tasks at once and of pods: more than Kubernetes' 5,000 nodes hold (kubernetes.io, "Considerations for large clusters"). */
const mostAtOnce = 1_000_000;
const mostPods = 150_000;
/** Events that every task has, whose cost is measured as part of the task: submitted, started, ended. */
const ownEvents = 3;
const monthSeconds = (365.25 / 12) * 86_400;
/**
 * How many times its pods a group may have in a rollout: each of the old release beside each of the new one. Those that
 * drain are not counted by maxSurge, and keep their connections and what they asked for until they end.
 */
export const inRollout = 2;

/** Sizes of an installation for a load. */
export function makePlan(wish: Wish, measured: Measured): Plan {
  const problems = new Set<string>();
  const usual = planLoad(wish, measured, wish.rps, problems);
  const peak = planLoad(wish, measured, wish.rps * wish.peak, problems);
  const { connections, server } = databaseOf(wish, peak);
  if (server === null) problems.add(tooMany(connections, peak, wish));
  const tasks = wish.rps * monthSeconds;
  const month = { tasks, requests: tasks * (1 + wish.reads + wish.watchers), events: tasks * wish.events };
  return {
    wish,
    usual,
    peak,
    connections,
    server,
    redisMemory: redisMemoryOf(wish, peak),
    month,
    problems: [...problems],
    warnings: wish.fixed.api === 1 ? [oneApi] : [],
  };
}

/** Connections of a peak in a rollout, and the smallest server for them; null when there is none. */
export function databaseOf(wish: Wish, { api, groups, databaseCores }: LoadPlan): Pick<Plan, 'connections' | 'server'> {
  const workers = groups.reduce((sum, { pods }) => sum + pods, 0) * inRollout;
  const connections = connectionsOf({ ...wish, apis: api.pods * inRollout, workers });
  return { connections, server: serverFor(databaseCores / usable.postgres, connections.all, wish.maxConnections) };
}

function planLoad(wish: Wish, measured: Measured, rps: number, problems: Set<string>): LoadPlan {
  refuseImpossible(wish, rps);
  const { forLoad, ...needed } = planApi(wish, measured, rps);
  const api = { ...needed, pods: possible(wish.fixed.api ?? needed.pods) };
  if (api.pods < forLoad) problems.add(`api: ${api.pods} pods are too few at ${rps}/s: ${forLoad} are needed.`);
  const groups = workerGroups.flatMap((group) => planGroup(wish, group, rps, measured, problems) ?? []);
  const pods = [api, ...groups].flatMap(({ pods: count, size }) => Array.from({ length: count }, () => size));
  // Three zones, each with a node at least.
  const nodes = Math.max(3, nodesFor(pods, wish.node));
  const database = (1 + wish.reads / 4) * measured.task.postgres.value + told(wish) * measured.event.postgres.value;
  return { rps, api, groups, nodes, databaseCores: (rps * database) / 1e6 };
}

/** Events of a task beyond those that every task has. */
function told({ events }: Wish): number {
  return Math.max(0, events - ownEvents);
}

/** @throws Error when no cluster has this: reckoning it would take for ever. */
function refuseImpossible({ kinds }: Wish, rps: number): void {
  const running = rps * kinds.reduce((sum, { share, seconds }) => sum + share * seconds, 0);
  if (running <= mostAtOnce) return;
  const [jobs, most] = [Math.round(running), mostAtOnce].map((count) => count.toLocaleString('en-US'));
  throw new Error(`No cluster has this: ${jobs} jobs would run at once, and ${most} are the most that is reckoned.`);
}

/** @throws Error when there are more than a cluster can have. */
function possible(pods: number): number {
  if (pods <= mostPods) return pods;
  const [count, most] = [pods, mostPods].map((number) => number.toLocaleString('en-US'));
  throw new Error(`No cluster has this: ${count} pods of one kind, and Kubernetes goes to ${most}.`);
}

/** Pods with the room that rollouts and lost nodes need; `forLoad` are those that the load alone needs. */
function planApi(
  { kinds, watchers, reads, events }: Wish,
  measured: Measured,
  rps: number,
): ApiPlan & { readonly forLoad: number } {
  const streams = rps * watchers * kinds.reduce((sum, { share, seconds }) => sum + share * seconds, 0);
  // A read is not measured by itself: it is counted like a whole submit, which does more.
  const cpu = (1 + reads) * measured.task.api.value + watchers * events * measured.event.api.value;
  const cores = (rps * cpu) / 1e6;
  const byStreams = Math.ceil(streams / (measured.mostClients.value * usable.api));
  const byLoad = (request: number) => Math.max(byStreams, Math.ceil(cores / (request * usable.api)));
  const podsOf = (request: number) => Math.max(fewestApis, byLoad(request));
  const request = apiCores.find((cores_) => podsOf(cores_) <= 10) ?? 1;
  const pods = podsOf(request);
  const memory = measured.idle.api.value + 120 + (streams / pods) * (measured.client.value / 1_000);
  const size = { cores: request, memory: Math.max(podMemory.api, Math.ceil(memory)) };
  return { pods, forLoad: byLoad(request), size, cores, streams };
}

function planGroup(
  wish: Wish,
  group: WorkerGroup,
  rps: number,
  measured: Measured,
  problems: Set<string>,
): GroupPlan | null {
  const kinds = wish.kinds.filter((kind) => kind.group === group).map((kind) => ({ ...kind, rate: rps * kind.share }));
  if (kinds.length === 0) return null;
  const ownCpu = measured.task.worker.value + told(wish) * measured.event.worker.value;
  const own = (kinds.reduce((sum, { rate }) => sum + rate, 0) * ownCpu) / 1e6;
  const running = kinds.reduce((sum, { rate, seconds }) => sum + rate * seconds, 0);
  const cores = own + kinds.reduce((sum, kind) => sum + kind.rate * kind.seconds * kind.cores, 0);
  const podCores = wish.podCores[group];
  // No more jobs at once than a pod has cores for.
  const concurrency = Math.max(1, Math.min(wish.concurrency[group], Math.floor((podCores * running) / cores + 0.1)));
  const bySlots = kinds.map(({ rate, seconds }) => Math.ceil(slotsFor(rate, seconds, wish.wait) / concurrency));
  const needed = Math.max(...bySlots, Math.ceil(cores / (podCores * usable.worker)), group === 'io' ? 2 : 1);
  const pods = possible(wish.fixed[group] ?? needed);
  const slots = pods * concurrency;
  const waits = kinds.flatMap(({ rate, ...kind }) => {
    try {
      return [{ ...kind, slots, waiting: waitingOf({ rate, seconds: kind.seconds, slots }) }];
    } catch (error) {
      if (!(error instanceof UnstableError)) throw error;
      problems.add(`${kind.kind} at ${rps}/s is ${error.message}`);
      return [];
    }
  });
  for (const { kind, cores: each } of kinds.filter((one) => one.cores > podCores)) {
    problems.add(
      `One job of ${kind} uses ${each} cores and a pod of worker-${group} has ${podCores}: --${group}-cores ${Math.ceil(each)}.`,
    );
  }
  if (cores > pods * podCores) {
    problems.add(
      `workers ${group} at ${rps}/s are unstable: their jobs use ${cores.toFixed(1)} cores and ${pods} pods have ${pods * podCores}.`,
    );
  }
  const busiest = Math.max(...kinds.map(({ rate, seconds }) => rate * seconds));
  const jobsPerPod = Math.max(1, Math.min(concurrency, Math.floor(busiest / pods)));
  return {
    group,
    pods,
    concurrency,
    jobsPerPod,
    size: { cores: podCores, memory: Math.ceil(podMemory[group] * Math.max(1, concurrency / podSlots[group])) },
    cores,
    kinds: waits,
  };
}

/** In MB. @see docs/sizing.md for where the numbers come from. */
function redisMemoryOf({ backend, kinds, delayed }: Wish, { groups }: LoadPlan): number {
  // Only counters and the cache, when the queues are elsewhere.
  const [waitingBytes, delayedBytes] = backend === 'redis' ? [280, 550] : [0, 0];
  const doorbells = kinds.length * 1_000 * waitingBytes + delayed * delayedBytes;
  const connections = groups.reduce((sum, { pods }) => sum + pods, 0) * 0.1;
  // Cached answers and counters of callers. The append-only file's rewrite can double what changes meanwhile.
  return Math.ceil(2 * (doorbells / 1e6 + connections + 64));
}

function tooMany({ all }: Connections, { databaseCores }: LoadPlan, { maxConnections }: Wish): string {
  const limit = maxConnections ?? mostConnections;
  const cores = (databaseCores / usable.postgres).toFixed(1);
  return `PostgreSQL: ${all} connections and ${cores} cores do not fit into one server (max_connections ${limit}).`;
}

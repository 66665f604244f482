import { mostConnections } from './connections.js';
import type { WorkerGroup } from './kind-load.js';
import type { Measured } from './measured.js';
import { databaseOf, makePlan, type Plan, type Wish } from './plan.js';

/** An option of `npm run size` that a lever sets. */
export type LeverOption = 'rps' | 'pool' | 'ioCores' | 'cpuCores' | 'ioConcurrency' | 'cpuConcurrency';

/** Another way to carry a load that one PostgreSQL has no connections for. */
export interface Lever {
  /** The options that are other than in the wish. */
  readonly options: Readonly<Partial<Record<LeverOption, number>>>;
  /** How many installations of this size, each with a PostgreSQL of its own. */
  readonly installations: number;
  /** Of one installation. */
  readonly plan: Plan;
}

/** The least that DATABASE_POOL_SIZE may be. */
const leastPool = 2;
/** A process gets along with fewer, but then calls wait for each other whenever one is slow. */
const goodPool = 3;
/** More of them nobody wants to look after. */
const mostInstallations = 50;
const coreOptions = { io: 'ioCores', cpu: 'cpuCores' } as const;
const concurrencyOptions = { io: 'ioConcurrency', cpu: 'cpuConcurrency' } as const;

/**
 * What can be done about a plan that fails for nothing but its connections: a smaller pool, larger pods (with the largest
 * pool that fits them), several installations. Those that do not help are left out.
 */
export function leversOf(plan: Plan, measured: Measured): readonly Lever[] {
  if (plan.server !== null || plan.problems.length !== 1) return [];
  const within = [withPool(plan), ...largerPods(plan).map((options) => withOptions(plan, options, measured))];
  return [...within, inParts(plan, measured)].filter((lever) => lever !== null);
}

/** The lever that changes least: the first that leaves pools of a good size, or any. Installations are a person's decision. */
export function gentlest(levers: readonly Lever[], mayChange: (option: LeverOption) => boolean): Lever | undefined {
  const possible = levers.filter(
    ({ options, installations }) =>
      installations === 1 && Object.keys(options).every((option) => mayChange(option as LeverOption)),
  );
  return possible.find(({ plan }) => plan.wish.pool >= goodPool) ?? possible[0];
}

/** The same with the largest pool that fits; null when none does. */
function withPool(plan: Plan, options: Lever['options'] = {}): Lever | null {
  for (let pool = plan.wish.pool; pool >= leastPool; pool--) {
    const wish = { ...plan.wish, pool };
    const { connections, server } = databaseOf(wish, plan.peak);
    if (server === null) continue;
    const changed = pool === plan.wish.pool ? options : { ...options, pool };
    return { options: changed, installations: 1, plan: { ...plan, wish, connections, server, problems: [] } };
  }
  return null;
}

function withOptions({ wish }: Plan, options: Lever['options'], measured: Measured): Lever | null {
  const { podCores, concurrency } = wish;
  const larger = makePlan(
    {
      ...wish,
      podCores: { io: options.ioCores ?? podCores.io, cpu: options.cpuCores ?? podCores.cpu },
      concurrency: {
        io: options.ioConcurrency ?? concurrency.io,
        cpu: options.cpuConcurrency ?? concurrency.cpu,
      },
    },
    measured,
  );
  // More slots that the cores have no use for need not be asked for.
  const idle = larger.peak.groups.filter((group) => group.concurrency <= concurrency[group.group]);
  const names: readonly string[] = idle.map(({ group }) => concurrencyOptions[group]);
  return withPool(larger, Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name))));
}

/** Pods that are a whole part of a node, with as many more slots, in the groups whose pods may still be chosen. */
function largerPods({ wish, peak }: Plan): Lever['options'][] {
  const groups = peak.groups.map(({ group }) => group).filter((group) => wish.fixed[group] === undefined);
  const whole = Math.floor(wish.node.cores);
  const parts = Array.from({ length: whole }, (_none, index) => Math.floor(whole / (whole - index)));
  return [...new Set(parts)]
    .map((cores) => groups.filter((group) => wish.podCores[group] < cores).map((group) => grown(wish, group, cores)))
    .filter((changes) => changes.length > 0)
    .map((changes) => Object.assign({}, ...changes) as Lever['options']);
}

function grown({ podCores, concurrency }: Wish, group: WorkerGroup, cores: number): Lever['options'] {
  const slots = Math.floor((concurrency[group] * cores) / podCores[group]);
  return { [coreOptions[group]]: cores, [concurrencyOptions[group]]: slots };
}

/** The fewest installations, each with its part of the load, of which one fits; null when pods are fixed or parts do not help. */
function inParts({ wish, connections }: Plan, measured: Measured): Lever | null {
  if (Object.values(wish.fixed).some((pods) => pods !== undefined)) return null;
  const fewest = Math.max(2, Math.ceil(connections.all / (wish.maxConnections ?? mostConnections)));
  for (let installations = fewest; installations <= mostInstallations; installations++) {
    const rps = Math.ceil((wish.rps / installations) * 1_000) / 1_000;
    const plan = makePlan({ ...wish, rps }, measured);
    if (plan.problems.length === 0) return { options: { rps }, installations, plan };
  }
  return null;
}

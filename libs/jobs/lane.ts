import type { Config } from '@longhaul/config';

/**
 * Which jobs a worker process takes: `main`, those whose worker has never vanished; `isolated`, the others, one at a
 * time in a process of their own, so that a job that kills its process takes no neighbour along; `any`: both.
 */
export type Lane = 'main' | 'isolated' | 'any';

/** SQL conditions on `jobs`, starting with AND. Literals, not parameters: they make the planner use `jobs_isolated`. */
export const ofLane: Readonly<Record<Lane, string>> = {
  main: 'AND recoveries = 0',
  isolated: 'AND recoveries > 0',
  any: '',
};

/** The lane of a process with these settings. */
export function laneOf(config: Pick<Config, 'WORKER_LANE' | 'ISOLATED_LANES' | 'WORKER_ONCE'>): Lane {
  if (config.WORKER_LANE === 'isolated') return 'isolated';
  // It has one job only, whichever.
  if (config.WORKER_ONCE) return 'any';
  return config.ISOLATED_LANES > 0 ? 'main' : 'any';
}

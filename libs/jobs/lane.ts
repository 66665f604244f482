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
export function laneOf(config: { readonly WORKER_LANE: 'main' | 'isolated'; readonly ISOLATED_LANES: number }): Lane {
  if (config.WORKER_LANE === 'isolated') return 'isolated';
  return config.ISOLATED_LANES > 0 ? 'main' : 'any';
}

import type { RunningByHost } from '@longhaul/jobs';
import type { Cluster } from './cluster.js';

/** Pods of workers; others have no jobs. */
const workers = 'longhaul.dev/role=worker';

/**
 * Makes each worker pod cost as much as it has running jobs, so that those with the fewest go first when their group is
 * scaled in. Writes only what has changed: each write is one to the API server, and to everybody who watches pods.
 * @returns how many pods got another cost.
 * @throws Error when the database or the API server does not answer; a pod that has gone meanwhile is no error.
 */
export async function writePodCosts(jobs: RunningByHost, cluster: Cluster): Promise<number> {
  const [running, costs] = await Promise.all([jobs.read(), cluster.costs(workers)]);
  const changed = [...costs].filter(([pod, cost]) => (running.get(pod) ?? 0) !== cost);
  const written = await Promise.allSettled(changed.map(([pod]) => cluster.setCost(pod, running.get(pod) ?? 0)));
  return written.filter(({ status }) => status === 'fulfilled').length;
}

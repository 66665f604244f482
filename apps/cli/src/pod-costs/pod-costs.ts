import { setTimeout as pause } from 'node:timers/promises';
import type { RunningByHost } from '@longhaul/jobs';
import { Refusal, type Cluster } from './cluster.js';

/** Pods of workers; others have no jobs. */
const workers = 'longhaul.dev/role=worker';

/**
 * Makes each worker pod cost as much as it has running jobs, so that those with the fewest go first when their group is
 * scaled in. Writes only what has changed: each write is one to the API server, and to everybody who watches pods.
 * @returns how many pods got another cost.
 * @throws Error when the database or the API server does not answer, Refusal when it refuses a pod: the first after all
 *   pods were tried. A pod that has gone meanwhile is no error.
 */
export async function writePodCosts(jobs: RunningByHost, cluster: Cluster): Promise<number> {
  const [running, costs] = await Promise.all([jobs.read(), cluster.costs(workers)]);
  const changed = [...costs].filter(([pod, cost]) => (running.get(pod) ?? 0) !== cost);
  const written = await Promise.allSettled(changed.map(([pod]) => cluster.setCost(pod, running.get(pod) ?? 0)));
  const failed = written.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const errors = failed.filter((error) => !(error instanceof Refusal && error.status === 404));
  if (errors.length > 0) throw errors.find(isForbidden) ?? errors[0];
  return written.length - failed.length;
}

/**
 * Does that every so many milliseconds, until the signal. What may pass by itself is told and tried again.
 * @throws Refusal when it is not allowed to: then a person has to mend the rights.
 */
export async function keepPodCosts(
  jobs: RunningByHost,
  cluster: Cluster,
  everyMs: number,
  signal: AbortSignal,
  tell: (problem: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    await writePodCosts(jobs, cluster).catch((error: Error) => {
      if (isForbidden(error)) throw error;
      tell(error.message);
    });
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof Refusal && [401, 403].includes(error.status);
}

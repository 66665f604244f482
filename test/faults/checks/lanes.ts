import type { Config } from '@longhaul/config';
import type { Check } from './check.js';

/** A worker's own limit for its stop, beyond the time for draining (start-worker.ts), and two looks of the watch. */
const stopMs = 17_000;

/** How long a process of the isolation lane may go on without its worker: as long as a stop in good order may take. */
export function mostOrphanMs({ DRAIN_SECONDS }: Pick<Config, 'DRAIN_SECONDS'>): number {
  return DRAIN_SECONDS * 1000 + stopMs;
}

export const lanesEnd: Check = {
  name: 'no lane outlives its worker',
  find: ({ lanes, outlivers, config }) => [
    ...lanes
      .filter(({ orphanedMs }) => orphanedMs > mostOrphanMs(config))
      .map(({ pid, orphanedMs }) => ({
        what: `lane ${pid} still ran ${(orphanedMs / 1000).toFixed(0)} s after its worker`,
      })),
    ...outlivers.map((pid) => ({ what: `process ${pid} outlived the stage` })),
  ],
};

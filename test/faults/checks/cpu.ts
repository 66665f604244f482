import type { CpuReading } from '../watch/cpu-meter.js';
import type { Check } from './check.js';
import type { Evidence } from './evidence.js';

/** In cores. A process that asks in a loop whether its store is back uses a whole one. */
const mostCores = 0.8;
/** Shorter outages are over before a mean says anything; the first second belongs to what was under way. */
const leastMs = 5_000;
const settleMs = 1_000;

/** What a process used on average while one of its stores was away. */
export interface CpuInOutage {
  readonly app: string;
  readonly outageAt: number;
  readonly cores: number;
}

export function cpuInOutages({ apps, blows, cpu }: Pick<Evidence, 'apps' | 'blows' | 'cpu'>): CpuInOutage[] {
  return blows
    .filter(({ loses, at, healedAt }) => loses !== undefined && healedAt - at >= leastMs)
    .flatMap(({ at, healedAt }) =>
      apps.flatMap(({ name }) => {
        const during = cpu.filter((read) => read.app === name && read.at >= at + settleMs && read.at <= healedAt);
        const cores = meanCores(during);
        return cores === undefined ? [] : [{ app: name, outageAt: at, cores }];
      }),
    );
}

/** Whether jobs run meanwhile or not: the harness's own use next to nothing. */
export const idleWithoutStores: Check = {
  name: 'no process spins while its stores are away',
  find: (evidence) =>
    cpuInOutages(evidence)
      .filter(({ cores }) => cores >= mostCores)
      .map(({ app, outageAt, cores }) => {
        const since = new Date(outageAt).toISOString().slice(11, 23);
        return { what: `${app} used ${cores.toFixed(2)} cores on average in the outage of ${since}` };
      }),
};

/** Undefined when it was another process in the end, or too few readings were taken. */
function meanCores(readings: readonly CpuReading[]): number | undefined {
  const first = readings.at(0);
  const last = readings.at(-1);
  if (first === undefined || last === undefined || first.pid !== last.pid || first === last) return undefined;
  return Math.round(((last.used - first.used) / (last.at - first.at)) * 100_000) / 100;
}

import { availableParallelism, loadavg } from 'node:os';
import { cpuSeconds } from '../stage/processes.js';
import type { App } from '../stage/app.js';

/** What a process had used up to a moment. */
export interface CpuReading {
  readonly app: string;
  readonly pid: number;
  /** Wall-clock milliseconds. */
  readonly at: number;
  /** CPU seconds since the process began. */
  readonly used: number;
}

const everyMs = 500;

/** Processes that want to run, for each CPU: one minute's mean. */
export function crowdingNow(): number {
  return loadavg()[0] / availableParallelism();
}

/** Reads the CPU time of every process twice a second, and how crowded the machine is. */
export class CpuMeter {
  readonly readings: CpuReading[] = [];
  /** See {@link crowdingNow}; the most of it. */
  crowding = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(apps: readonly App[]) {
    this.timer = setInterval(() => {
      this.crowding = Math.max(this.crowding, crowdingNow());
      apps.forEach((app) => this.read(app));
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private read({ name, pid }: App): void {
    const used = cpuSeconds(pid);
    if (used !== undefined) this.readings.push({ app: name, pid, at: Date.now(), used });
  }
}

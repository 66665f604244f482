import { parentOf } from '../stage/processes.js';
import type { Stage } from '../stage/stage.js';

/** A process of the isolation lane, and how long it was seen without the worker that started it. */
export interface LaneRecord {
  readonly pid: number;
  /** 0: it never was. */
  readonly orphanedMs: number;
}

const everyMs = 1_000;

/** Looks every second which processes of the isolation lane there are, and whose children they are. */
export class LaneWatch {
  private readonly lanes = new Map<number, { orphanedAt: number | undefined; orphanedMs: number }>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly stage: Stage) {
    this.timer = setInterval(() => this.look(), everyMs);
  }

  get seen(): LaneRecord[] {
    return [...this.lanes].map(([pid, { orphanedMs }]) => ({ pid, orphanedMs }));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const workers = new Set(this.stage.workers.map(({ pid }) => pid));
    for (const pid of this.stage.lanes()) {
      const parent = parentOf(pid);
      if (parent === undefined) continue;
      const lane = this.lanes.get(pid) ?? { orphanedAt: undefined, orphanedMs: 0 };
      this.lanes.set(pid, lane);
      if (workers.has(parent)) continue;
      const now = performance.now();
      lane.orphanedAt ??= now;
      lane.orphanedMs = now - lane.orphanedAt;
    }
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Blow, Scene, Strike } from './fault.js';
import type { Exit } from './stage/app.js';
import { until } from './stage/processes.js';

/** A moment worth striking at comes within this time, or the fault is not testing what it says. */
const leastMomentMs = 60_000;
/** On top of it: some faults wait until the jobs before have ended, which many together do at tens a second. */
const momentMsPerJob = 100;

/** Keeps what a fault did, and undoes what it left broken. */
export class Injection {
  readonly blows: Blow[] = [];
  readonly disorderly: string[] = [];
  private readonly unhealed = new Set<NonNullable<Strike['heal']>>();

  /** @param brief whether few blows must do. */
  constructor(
    private readonly signal: AbortSignal,
    private readonly brief: boolean,
  ) {}

  /** What the fault gets to see. */
  scene(parts: Pick<Scene, 'stage' | 'load' | 'sink' | 'random'>): Scene {
    const momentMs = leastMomentMs + parts.load.size * momentMsPerJob;
    return {
      ...parts,
      signal: this.signal,
      times: (usual) => (this.brief ? Math.ceil(usual / 4) : usual),
      strike: (strike) => this.strike(strike),
      endedInOrder: (name, exit) => this.endedInOrder(name, exit),
      until: (holds, what) => until(holds, momentMs, what, this.signal),
      pause: (ms) => pause(ms, undefined, { signal: this.signal }),
    };
  }

  /** Undoes what a fault that was given up did not. */
  async healAll(): Promise<void> {
    for (const heal of this.unhealed) await heal();
    this.unhealed.clear();
  }

  private async strike({ hit, heal, lastsMs = 0, loses, losers, blocks }: Strike): Promise<void> {
    const at = Date.now();
    if (heal !== undefined) this.unhealed.add(heal);
    await hit();
    let healedAt = at;
    if (heal !== undefined) {
      await pause(lastsMs, undefined, { signal: this.signal });
      await heal();
      this.unhealed.delete(heal);
      healedAt = Date.now();
    }
    const standsStill = blocks === true || (loses !== undefined && losers === undefined);
    const names = losers?.map(({ name }) => name);
    this.blows.push({ at, healedAt, recoverableAt: standsStill ? healedAt : at, loses, losers: names });
  }

  private endedInOrder(name: string, exit: Exit): void {
    if (exit !== 0) this.disorderly.push(`${name} was told to end and ended with ${exit}`);
  }
}

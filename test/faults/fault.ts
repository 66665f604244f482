import type { Backend } from '../support/backends.js';
import type { Random } from '../support/random.js';
import type { JobMix } from './load/job-mix.js';
import type { Load } from './load/load.js';
import type { App, Environment, Exit } from './stage/app.js';
import type { Clocks } from './stage/clock.js';
import type { Stage } from './stage/stage.js';
import type { EffectSink } from './watch/effect-sink.js';

/** What a fault may need that a machine may not have. */
export type Need = 'root' | 'mount' | 'libfaketime';

/** One blow of a fault. */
export interface Strike {
  /** Does the damage; a promise is waited for. */
  readonly hit: () => unknown;
  /** Undoes it, `lastsMs` after the damage was done; without it the damage is momentary. */
  readonly heal?: () => unknown;
  readonly lastsMs?: number;
  /** What the apps cannot reach meanwhile: they must say so (see checks/health.ts), and go on once it is back. */
  readonly loses?: 'database' | 'queue';
  /** The only ones that lose it: the others can take over, so Longhaul can recover from the blow at once. */
  readonly losers?: readonly App[];
  /** Nobody can go on until it is healed, though whatever is asked for its health answers well. */
  readonly blocks?: true;
}

/** When a strike began, and when Longhaul could begin to recover from it, in wall-clock milliseconds. */
export interface Blow {
  readonly at: number;
  /** The heal, if something that Longhaul needs was lost; else the strike itself: the rest of it must do without. */
  readonly recoverableAt: number;
  /** When it was healed; the strike itself if there was nothing to heal. */
  readonly healedAt: number;
  readonly loses: Strike['loses'];
  /** Names of the apps that lost it; undefined: all. */
  readonly losers?: readonly string[];
}

/** What a fault can use and say while it is injected. */
export interface Scene {
  readonly stage: Stage;
  readonly load: Load;
  readonly sink: EffectSink;
  /** How often to strike, where `usual` times is usual: seldom when the run is to be brief. */
  readonly times: (usual: number) => number;
  /** Choices that the seed decides. */
  readonly random: Random;
  /** Aborted when the run is given up. */
  readonly signal: AbortSignal;
  readonly strike: (strike: Strike) => Promise<void>;
  /** Notes a process that should have ended in good order, and how it did. */
  readonly endedInOrder: (name: string, exit: Exit) => void;
  /** Waits for a moment worth striking at. @throws Error when it does not come in time. */
  readonly until: (holds: () => boolean | Promise<boolean>, what: string) => Promise<void>;
  /** Waits. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Something that goes wrong while jobs are submitted and run. To add one: a file in faults/, a line in faults/index.ts. */
export interface Fault {
  /** As `--fault` takes it. */
  readonly name: string;
  /** For people: what happens, in one line. */
  readonly title: string;
  readonly backends: readonly Backend[];
  readonly needs?: readonly Need[];
  /** Over the chosen settings. */
  readonly settings?: Environment;
  /** Nothing vanishes: whoever ends is asked to, and everybody reaches everything. So no job may need a recovery. */
  readonly orderly?: true;
  /** Puts TCP proxies between the apps and their stores: `stage.proxies`. */
  readonly proxied?: boolean;
  /** Gives it a PostgreSQL of its own, on a disk that can be full: `stage.servers.disk`. */
  readonly smallDisk?: true;
  /** The jobs; `mixedJobs` unless given. */
  readonly mix?: JobMix;
  /** Seconds by which the clock of a process is wrong when it starts; 0: right. Monotonic clocks stay as they are. */
  readonly clocks?: Clocks;
  /** How processes may end by themselves: jobs of this fault make them. */
  readonly crashes?: readonly Exit[];
  /** The fault itself permits the submits (`load.permit`); else they are spread evenly over the run. */
  readonly paced?: 'by the fault';
  /** Runs once a third of the jobs is accepted and some are running (at once if the fault paces the load). */
  inject(scene: Scene): Promise<void>;
}

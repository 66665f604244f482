import { Inject, Injectable } from '@nestjs/common';
import { every } from '@longhaul/telemetry';
import { KINDS, type KindRegistry } from './kind.js';
import { OverviewReader, type BreakerSeen, type KindOverview, type WorkerSeen } from './overview.reader.js';
import { PausedKinds, type PausedKind } from './paused-kinds.js';

/** How far back an overview looks, and into how long pieces it divides that, in seconds. */
export const overviewWindows = {
  '1h': { seconds: 3_600, bucketSeconds: 60 },
  '6h': { seconds: 21_600, bucketSeconds: 300 },
  '24h': { seconds: 86_400, bucketSeconds: 1_200 },
} as const;
export type OverviewWindow = keyof typeof overviewWindows;

/** However many look at it, it is read once in this time. */
const freshMs = 2_000;

/** How the kinds are doing, and who works on them. */
export interface Overview {
  readonly generatedAt: Date;
  readonly windowSeconds: number;
  readonly bucketSeconds: number;
  readonly kinds: readonly (KindOverview & { readonly paused: PausedKind | null })[];
  readonly workers: readonly WorkerSeen[];
  readonly breakers: readonly BreakerSeen[];
}

/** Overviews of the whole installation: of the jobs in the database, and of what workers say of themselves. */
@Injectable()
export class Overviews {
  private readonly windows = {
    '1h': every(freshMs, () => this.make('1h')),
    '6h': every(freshMs, () => this.make('6h')),
    '24h': every(freshMs, () => this.make('24h')),
  };

  constructor(
    @Inject(KINDS) private readonly kinds: KindRegistry,
    private readonly reader: OverviewReader,
    private readonly paused: PausedKinds,
  ) {}

  /** It may be two seconds old. */
  read(window: OverviewWindow): Promise<Overview> {
    return this.windows[window]();
  }

  private async make(window: OverviewWindow): Promise<Overview> {
    const { seconds, bucketSeconds } = overviewWindows[window];
    const generatedAt = new Date();
    // One after the other: a page that is looked at must not take the connections of those who work.
    const kinds = await this.reader.kinds([...this.kinds.keys()], bucketsUntil(generatedAt, seconds, bucketSeconds));
    const { workers, breakers } = await this.reader.workers();
    const paused = await this.paused.all();
    return {
      ...{ generatedAt, windowSeconds: seconds, bucketSeconds, workers, breakers },
      kinds: kinds.map((kind) => ({ ...kind, paused: paused.get(kind.kind) ?? null })),
    };
  }
}

/** Beginnings of the pieces of a window, at whole multiples of their length; the last one is not over yet. */
function bucketsUntil(end: Date, seconds: number, bucketSeconds: number): Date[] {
  const ms = bucketSeconds * 1_000;
  const last = Math.floor(end.getTime() / ms) * ms;
  const count = seconds / bucketSeconds;
  return Array.from({ length: count }, (_, n) => new Date(last - (count - 1 - n) * ms));
}

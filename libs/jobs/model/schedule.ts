import fc from 'fast-check';
import type { World } from './world.js';

/** What the handler of one attempt does. */
export interface Work {
  readonly seconds: number;
  readonly result: 'succeeds' | 'fails for now' | 'fails for good';
  readonly manners: 'obeys at once' | 'obeys in 2 s' | 'never obeys';
}

/** One thing that happens: to a worker, a job or a part of the system, for a while where it has a duration. */
export interface Step {
  readonly afterMs: number;
  readonly action: keyof typeof actions;
  readonly who: number;
  readonly forMs: number;
}

/** All that a run of the model depends on. */
export interface Schedule {
  readonly maxAttempts: number;
  /** What the backoff draws every time. */
  readonly random: number;
  /** Rates of the workers' monotonic clocks; self-fencing has a margin for a twentieth. */
  readonly rates: readonly number[];
  /** When each worker starts. */
  readonly startsMs: readonly number[];
  /** What the first, second … attempt finds; later ones succeed in a second. */
  readonly works: readonly Work[];
  readonly steps: readonly Step[];
}

/** What can happen. Faults end by themselves, or at the end of the schedule. */
export const actions = {
  'a job is submitted': (world: World) => world.submit(),
  'is cancelled': (world: World, who: number) => world.cancel(who),
  'is requeued': (world: World, who: number) => world.requeue(who),
  crashes: (world: World, who: number) => world.worker(who).die(),
  'is told to stop': (world: World, who: number) => world.worker(who).drain(),
  'is frozen': (world: World, who: number, ms: number) => world.freeze(world.worker(who), ms),
  'cannot reach the database': (world: World, who: number, ms: number) => world.relink(who, 'cut', ms),
  'talks to a black hole': (world: World, who: number, ms: number) => world.relink(who, 'black hole', ms),
  'gets no answers': (world: World, who: number, ms: number) => world.relink(who, 'answers lost', ms),
  'gets answers too late': (world: World, who: number, ms: number) => world.relink(who, 'unanswered', ms),
  'gets slow answers': (world: World, who: number, ms: number) => world.relink(who, 'slow', ms),
  'is heard after it gave up': (world: World, who: number, ms: number) => world.relink(who, 'late', ms),
  'the database is down': (world: World, _who: number, ms: number) => world.outage(ms),
  "the database's clock jumps ahead": (world: World, _who: number, ms: number) => world.jump(ms),
  "the database's clock jumps back": (world: World, _who: number, ms: number) => world.jump(-ms),
  'has its wall clock put ahead': (world: World, who: number, ms: number) => world.setWallClock(who, ms * 50),
  'has its wall clock put back': (world: World, who: number, ms: number) => world.setWallClock(who, -ms * 50),
  'the queue is wiped': (world: World) => world.queue.wipe(),
  'the queue delivers twice': (world: World) => world.queue.redeliver(),
  'the queue is an hour late': (world: World) => world.queue.postpone(3_600_000),
  'the queue is down': (world: World, _who: number, ms: number) => world.queueOutage(ms),
} as const;

const work = fc.record<Work>(
  {
    seconds: fc.constantFrom(1, 8, 28, 50, 100),
    result: fc.constantFrom('succeeds', 'fails for now', 'fails for good'),
    manners: fc.constantFrom('obeys at once', 'obeys in 2 s', 'never obeys'),
  },
  { noNullPrototype: true },
);

/** Drawn twice as often: they say most when several come together. */
const oftener = [
  'crashes',
  'is frozen',
  'talks to a black hole',
  'gets answers too late',
  'gets slow answers',
  'is heard after it gave up',
] as const;

const stepOf = (...among: (keyof typeof actions)[]) =>
  fc.record<Step>(
    {
      // Answers take 5 ms: after 4 ms the statement has been executed, and nobody knows yet.
      afterMs: fc.constantFrom(0, 4, 1_000, 5_000, 11_000, 24_000, 40_000),
      action: fc.constantFrom(...among),
      who: fc.nat(2),
      forMs: fc.constantFrom(3_000, 9_000, 16_000, 35_000, 70_000),
    },
    { noNullPrototype: true },
  );

/** Schedules in which only these things happen. */
export const schedulesOf = (...among: (keyof typeof actions)[]): fc.Arbitrary<Schedule> =>
  fc.record<Schedule>(
    {
      maxAttempts: fc.constantFrom(1, 2, 3),
      random: fc.constantFrom(0, 0.5, 0.999),
      rates: fc.tuple(fc.constantFrom(1, 0.95, 1.05), fc.constantFrom(1, 0.95, 1.05)),
      startsMs: fc.tuple(fc.constantFrom(0, 4_000, 9_000), fc.constantFrom(0, 4_000, 9_000)),
      works: fc.array(work, { maxLength: 4 }),
      steps: fc.array(stepOf(...among), { maxLength: 12 }),
    },
    { noNullPrototype: true },
  );

/** Schedules in which anything may happen. */
export const schedules = schedulesOf(...(Object.keys(actions) as (keyof typeof actions)[]), ...oftener);

import fc from 'fast-check';

/** What can happen. Faults end by themselves, or at the end of the schedule. */
export const actions = [
  'a job is submitted',
  'is cancelled',
  'is requeued',
  'crashes',
  'is told to stop',
  'is frozen',
  'cannot reach the database',
  'talks to a black hole',
  'gets no answers',
  'gets answers too late',
  'gets slow answers',
  'is heard after it gave up',
  'the database is down',
  "the database's clock jumps ahead",
  "the database's clock jumps back",
  'has its wall clock put ahead',
  'has its wall clock put back',
  'the queue is wiped',
  'the queue delivers twice',
  'the queue is an hour late',
  'the queue is down',
] as const;
export type Action = (typeof actions)[number];

/** What the handler of one attempt does. */
export interface Work {
  readonly seconds: number;
  readonly result: 'succeeds' | 'fails for now' | 'fails for good';
  readonly manners: 'obeys at once' | 'obeys in 2 s' | 'never obeys';
}

/** One thing that happens: to a worker, a job or a part of the system, for a while where it has a duration. */
export interface Step {
  readonly afterMs: number;
  readonly action: Action;
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

const stepOf = (...among: Action[]) =>
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
export const schedulesOf = (...among: Action[]): fc.Arbitrary<Schedule> =>
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
export const schedules = schedulesOf(...actions, ...oftener);

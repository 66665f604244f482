import fc from 'fast-check';
import { productionRules, type Rules } from './rules.js';
import { schedules, schedulesOf, type Action, type Schedule } from './schedule.js';
import { play } from './play.js';

/** Each breaks one rule; the model must find a schedule on which that shows, and shrink it to what a person can read. */
interface Mutant {
  readonly rules: Partial<Rules>;
  readonly found: RegExp;
  /** What has to happen for it to show; anything may where this is left out. */
  readonly under?: readonly Action[];
}

const mutants: Record<string, Mutant> = {
  'writes under an old fence are taken': {
    rules: { fenceHolds: () => true },
    found: /by fence 1 while fence 2 owns the job/,
  },
  'the fence does not grow': { rules: { nextFence: (fence) => Math.max(fence, 1) }, found: /fence went from 1 to 1/ },
  'a result may be written over any status': {
    rules: { mayMove: (from, name) => name === 'succeeded' || productionRules.mayMove(from, name) },
    found: /"succeeded" after its end/,
  },
  'a cancelled job may be claimed': {
    rules: {
      mayMove: (from, name) => (from === 'CANCELLED' && name === 'started') || productionRules.mayMove(from, name),
    },
    found: /"started" after its end, "cancelled"/,
  },
  'a job that waits already is recovered again': {
    rules: {
      mayMove: (from, name) => name === 'recovered' || productionRules.mayMove(from, name),
      leaseIsOver: (row, now) => row.leaseExpiresAt === null || productionRules.leaseIsOver(row, now),
    },
    under: ['crashes', 'is frozen', 'gets slow answers'],
    found: /"recovered" by fence 1 after "(recovered|handed_over)"/,
  },
  'recovery does not look at the lease': { rules: { leaseIsOver: () => true }, found: /lease had not run out/ },
  'a hand-over burns an attempt': {
    rules: { attemptsAfterHandOver: (attempts) => attempts },
    found: /1 attempts although 0/,
  },
  'a recovery burns an attempt': {
    rules: { attemptsAfterRecovery: (attempts) => attempts },
    found: /1 attempts although 0/,
  },
  'a requeue opens no new budget': {
    rules: { attemptsAfterRequeue: (attempts) => attempts },
    found: /1 attempts although 0/,
  },
  'retries go on for ever': {
    rules: {
      outcomeOfError: (thrown, stop, job, limits, random) =>
        productionRules.outcomeOfError(thrown, stop, { ...job, maxAttempts: Infinity }, limits, random),
    },
    found: /2 attempts of 1/,
  },
  'nothing is quarantined': {
    rules: { verdictOnLapsed: () => 'recover' },
    found: /3 recoveries of 2/,
    under: ['crashes'],
  },
  'a cut worker goes on longer than its lease': {
    rules: { isUnproved: (provedAt, now, lease) => productionRules.isUnproved(provedAt, now, lease * 2) },
    found: /claimed while worker \d still runs it/,
  },
  'a heartbeat proves the lease from its answer on': {
    rules: { provedAt: (_sentAt, answeredAt) => answeredAt },
    under: ['gets slow answers', 'talks to a black hole'],
    found: /claimed while worker \d still runs it/,
  },
  'a worker fences itself by its wall clock': {
    rules: { selfFenceClock: (_monotonic, wallClock) => wallClock },
    under: ['has its wall clock put back', 'talks to a black hole'],
    found: /claimed while worker \d still runs it/,
  },
  "leases are given by the worker's clock": {
    rules: { leaseClock: (_database, workerClock) => workerClock },
    found: /claimed while worker \d still runs it/,
  },
  'a displaced attempt is not told': {
    rules: { stopsDisplaced: false },
    under: ["the database's clock jumps ahead"],
    found: /never heard that its attempt is over/,
  },
  'no new number for a new ring': { rules: { nextDispatch: (dispatch) => dispatch }, found: /not ended/ },
  'lost doorbells are not rung again': { rules: { ringsLost: false }, found: /not ended/ },
};

/** Seeds are fixed here: whether a mutant is found must not depend on the day. */
function counterexample({ rules, under }: Mutant): { readonly schedule: Schedule; readonly message: string } {
  const broken: Rules = { ...productionRules, ...rules };
  const details = fc.check(
    fc.property(under ? schedulesOf(...under) : schedules, (schedule) => {
      play(schedule, broken);
    }),
    { seed: 3, numRuns: 50_000 },
  );
  if (details.counterexample === null) throw new Error(`survived ${details.numRuns} schedules`);
  return { schedule: details.counterexample[0], message: (details.errorInstance as Error).message };
}

describe('the model finds a broken rule', () => {
  it.each(Object.entries(mutants))('%s', (_name, mutant) => {
    const { schedule, message } = counterexample(mutant);
    expect(message).toMatch(mutant.found);
    play(schedule, productionRules);
    expect(schedule.steps.length).toBeLessThanOrEqual(5);
    expect(message.split('\n').length).toBeLessThanOrEqual(30);
  });

  it('tells it in a trace: when, who, what, and the row after it', () => {
    const { schedule, message } = counterexample(mutants['a recovery burns an attempt']);
    expect(schedule).toMatchObject({ maxAttempts: 1, works: [], steps: [{ action: 'crashes', who: 0 }] });
    expect(message.split('\n').map((line) => line.trim())).toEqual([
      'A: 1 attempts although 0 were used up',
      '0.000 s  api: A submitted → PENDING, fence 0, attempts 0, recoveries 0, seq 1',
      '0.000 s  worker 1: A started → RUNNING, fence 1, attempts 1, recoveries 0, seq 2',
      '0.000 s  schedule: worker 1 crashes (3 s)',
      '0.005 s  schedule: everything is mended',
      '30.010 s  worker 2: A recovered → PENDING, fence 1, attempts 1, recoveries 1, seq 3',
    ]);
  });
});

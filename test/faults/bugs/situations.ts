// Faults with the jobs that make a bug show itself every time, not now and then.
import { apiKill9 } from '../faults/api-kill9.js';
import { apiRoll } from '../faults/api-roll.js';
import { clockMinute } from '../faults/clock.js';
import { hintsCut } from '../faults/hints-cut.js';
import { workerFrozen } from '../faults/worker-frozen.js';
import { workerRoll } from '../faults/worker-roll.js';
import type { Fault } from '../fault.js';
import type { JobMix, JobPlan } from '../load/job-mix.js';
import type { Random } from '../../support/random.js';

type Shape = Pick<JobPlan, 'body'> & Partial<JobPlan>;

/** Jobs of one shape, of four owners. */
function jobs(shape: (random: Random) => Shape): JobMix {
  return (random, index) => {
    const { body, ...rest } = shape(random);
    return {
      key: `job-${index}`,
      owner: random.whole(0, 3),
      delayMs: 0,
      cancelAfterMs: null,
      end: 'SUCCESS',
      attempts: 1,
      ...rest,
      body: { task_type: 'fault_steps', ...body },
    };
  };
}

/** Handlers that go on after their worker has thawed; and room on the other one, so that its jobs run there by then. */
export const frozenInCarelessJobs: Fault = {
  ...workerFrozen,
  settings: { ISOLATED_LANES: '0', WORKER_CONCURRENCY: '20' },
  paced: 'by the fault',
  mix: jobs(() => ({ body: { blind: true, steps: 100, step_ms: 100 } })),
  async inject(scene) {
    const { load, stage, until } = scene;
    load.permit(load.size);
    const running = async () => (await stage.sql(`SELECT id FROM jobs WHERE status = 'RUNNING'`)).length;
    await until(async () => (await running()) >= load.size, 'all jobs to run');
    await workerFrozen.inject(scene);
  },
};

/** Cancels that arrive at about the moment at which the jobs end. */
export const cancelledAtTheEnd: Fault = {
  ...apiRoll,
  name: 'cancel-race',
  mix: jobs((random) => ({
    body: { steps: 1, step_ms: 150 },
    cancelAfterMs: random.whole(130, 240),
    end: null,
    attempts: null,
  })),
  inject: async ({ pause }) => pause(1_000),
};

/** Cancels in the middle of jobs that still have ten seconds to go, beside others that keep the run from ending. */
export const cancelledOnTheWay: Fault = {
  ...apiRoll,
  name: 'cancel-midway',
  mix: jobs((random) => {
    const body = { steps: 75, step_ms: 200, effects: true };
    return random.chance(0.7) ? { body, cancelAfterMs: random.whole(500, 2_000), end: null, attempts: null } : { body };
  }),
  inject: async ({ pause }) => pause(1_000),
};

/** Every job is due only when its doorbell is lost, and no later doorbell opens a slot for it. */
export const flushedBeforeDue: Fault = {
  name: 'redis-flushall',
  title: 'FLUSHALL of Redis when all jobs wait for their time',
  backends: ['redis'],
  paced: 'by the fault',
  settings: { LEASE_SECONDS: '3' },
  mix: jobs((random) => ({ body: { steps: 1 }, delayMs: random.whole(6_000, 8_000) })),
  async inject({ stage, load, strike, until }) {
    load.permit(load.size);
    const accepted = async () => (await stage.sql('SELECT id FROM jobs')).length >= load.size;
    await until(accepted, 'all jobs');
    await strike({ hit: () => stage.redis.admin((client) => client.flushall()) });
  },
};

/** A third of them take some seconds: fewer than the slots, so that they run all the time. */
const someLong = jobs((random) => ({ body: { steps: random.chance(0.3) ? random.whole(20, 32) : 0, step_ms: 250 } }));

/** Every worker is told to end once, with long jobs on it. */
export const rolledInLongJobs: Fault = {
  ...workerRoll,
  mix: someLong,
  async inject({ stage, strike, until, endedInOrder }) {
    for (const worker of stage.workers) {
      await until(async () => (await stage.runningOn(worker)) > 2, `jobs on ${worker.name}`);
      await strike({ hit: async () => endedInOrder(worker.name, await worker.kill('SIGTERM')) });
      await worker.becomesReady();
    }
  },
};

/** One worker's clock a minute behind that of everybody else, from the start. */
export const clockOfAWorker: Fault = {
  ...clockMinute,
  orderly: true,
  mix: someLong,
  clocks: (role, number) => (role === 'worker' && number === 1 ? -60 : 0),
  async inject({ strike, pause }) {
    await strike({ hit: () => undefined });
    await pause(5_000);
  },
};

export const killedInSubmits: Fault = { ...apiKill9, mix: jobs(() => ({ body: { steps: 1 } })) };

/** Many events, of many jobs at a time. */
export const manyEvents: Fault = { ...apiRoll, mix: jobs(() => ({ body: { steps: 10, step_ms: 100 } })) };

export const deaf: Fault = {
  ...hintsCut,
  mix: jobs((random) => ({ body: { steps: random.whole(3, 8), step_ms: 250 } })),
};

import type { JobPlan } from '../load/job-mix.js';
import type { Fault } from '../fault.js';

const poisons = ['abort', 'memory'] as const;

/**
 * The first run of a poison job takes its worker down, with everything that ran there; from then on it runs alone, so
 * whoever was its neighbour loses one worker and never a second one (see checks/poison.ts).
 */
export const poison: Fault = {
  name: 'poison',
  title: 'jobs that end their process, by abort and by using up its memory, whenever they run',
  backends: ['redis', 'postgres'],
  // V8 ends a process that is out of memory with SIGABRT, too.
  crashes: ['SIGABRT'],
  settings: { NODE_OPTIONS: '--max-old-space-size=256' },
  async inject({ stage, load, strike, until }) {
    for (const how of poisons) {
      let taskId: string | undefined;
      await Promise.all(stage.workers.map((worker) => worker.becomesReady()));
      await strike({ hit: async () => (taskId = await load.add(poisoned(how))) });
      // A process that is about to be out of memory does nothing but collect garbage: nobody is answered.
      await until(async () => (await stage.runsOf(taskId)) > 0, `the start of the ${how} job`);
      (await stage.workerOf(taskId))?.isAway();
      const ended = async () => {
        const [job] = await stage.sql<{ status: string }>('SELECT status FROM jobs WHERE id = $1', [taskId]);
        return job.status === 'FAILED';
      };
      await until(ended, `the end of the ${how} job`);
    }
  },
};

const poisoned = (how: (typeof poisons)[number]): JobPlan => ({
  key: `poison-${how}`,
  owner: 0,
  delayMs: 0,
  cancelAfterMs: null,
  end: 'FAILED',
  error: 'quarantined',
  attempts: null,
  body: { task_type: 'fault_steps', poison: how, priority: 50 },
});

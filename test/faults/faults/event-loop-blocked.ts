import type { JobPlan } from '../load/job-mix.js';
import type { Fault } from '../fault.js';

const times = 2;

export const eventLoopBlocked: Fault = {
  name: 'event-loop-blocked',
  title: "a job that blocks its worker's event loop past the lease, twice",
  backends: ['redis', 'postgres'],
  settings: { WATCHDOG_SECONDS: '0' },
  async inject({ stage, load, strike, until, pause }) {
    const { LEASE_SECONDS, RECONCILE_SECONDS } = stage.config;
    // Past the moment at which somebody else has taken its jobs.
    const blockMs = (LEASE_SECONDS * 1.5 + RECONCILE_SECONDS * 2) * 1000;
    for (let time = 1; time <= times; time += 1) {
      const taskId = await load.add(blocking(`blocking-${time}`, blockMs));
      await until(async () => (await stage.workerOf(taskId)) !== undefined, 'the blocking job to start');
      const worker = await stage.workerOf(taskId);
      if (worker === undefined) throw new Error(`The job that blocks its worker ended: ${taskId}.`);
      // Else nothing was tested: the loop stands still, and somebody else runs the job after it.
      await until(async () => !(await worker.answers()), `the event loop of ${worker.name} to stand still`);
      await strike({ hit: () => worker.isAway(), heal: () => worker.isBack(), lastsMs: blockMs + 1_000 });
      await until(async () => (await stage.runsOf(taskId)) > 1, 'the blocking job to be recovered');
      await pause(2_000);
    }
  },
};

/** Its first run blocks; whoever runs it next does not. */
export function blocking(key: string, blockMs: number): JobPlan {
  return {
    key,
    owner: 0,
    delayMs: 0,
    cancelAfterMs: null,
    end: 'SUCCESS',
    attempts: 1,
    body: { task_type: 'fault_steps', block_ms: blockMs, steps: 1, effects: true, priority: 50 },
  };
}

import { longJobs, mixedJobs } from '../load/job-mix.js';
import type { Fault } from '../fault.js';

export const workerRoll: Fault = {
  name: 'worker-roll',
  title: 'SIGTERM roll of all workers during long jobs, twice',
  backends: ['redis', 'postgres'],
  orderly: true,
  mix: (random, ...about) => (random.chance(0.1) ? longJobs : mixedJobs)(random, ...about),
  async inject({ stage, times, strike, endedInOrder }) {
    for (let roll = 0; roll < times(2); roll += 1) {
      for (const worker of stage.workers) {
        await strike({ hit: async () => endedInOrder(worker.name, await worker.kill('SIGTERM')) });
        await worker.becomesReady();
      }
    }
  },
};

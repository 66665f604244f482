import type { Fault } from '../fault.js';

export const workerKill9: Fault = {
  name: 'worker-kill9',
  title: 'kill -9 of a worker in the middle of its jobs, three times',
  backends: ['redis', 'postgres'],
  async inject({ stage, random, times, strike, until }) {
    for (let kill = 0; kill < times(3); kill += 1) {
      const worker = random.pick(stage.workers);
      await worker.becomesReady();
      await until(async () => (await stage.runningOn(worker)) > 0, `jobs on ${worker.name}`);
      await strike({ hit: () => worker.kill('SIGKILL') });
    }
  },
};

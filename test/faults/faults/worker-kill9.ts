import type { Fault } from '../fault.js';

const kills = 3;

export const workerKill9: Fault = {
  name: 'worker-kill9',
  title: 'kill -9 of a worker in the middle of its jobs, three times',
  backends: ['redis', 'postgres'],
  async inject({ stage, random, strike, until }) {
    for (let kill = 0; kill < kills; kill += 1) {
      const worker = random.pick(stage.workers);
      await worker.becomesReady();
      await until(async () => (await stage.runningOn(worker)) > 0, `jobs on ${worker.name}`);
      await strike({ hit: () => worker.kill('SIGKILL') });
    }
  },
};

import type { Fault } from '../fault.js';

export const workerKill9AfterEffect: Fault = {
  name: 'worker-kill9-after-effect',
  title: 'kill -9 of a worker when its effect has happened and nothing of it is recorded, three times',
  backends: ['redis', 'postgres'],
  async inject({ stage, sink, times, strike, until }) {
    for (let kill = 0; kill < times(3); kill += 1) {
      await Promise.all(stage.workers.map((worker) => worker.becomesReady()));
      let happened = false;
      let killed: Promise<unknown> | undefined;
      sink.onNextApplied(({ pid }) => {
        happened = true;
        killed = strike({ hit: () => stage.workers.find((worker) => worker.pid === pid)?.kill('SIGKILL') });
      });
      await until(() => happened, 'an effect');
      await killed;
    }
  },
};

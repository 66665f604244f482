import type { Fault } from '../fault.js';

export const workerFrozen: Fault = {
  name: 'worker-frozen',
  title: 'a worker frozen (SIGSTOP) past its leases, which then wakes up and goes on',
  backends: ['redis', 'postgres'],
  async inject({ stage, random, strike, until }) {
    const worker = random.pick(stage.workers);
    await until(async () => (await stage.runningOn(worker)) > 0, `jobs on ${worker.name}`);
    const { LEASE_SECONDS, RECONCILE_SECONDS } = stage.config;
    await strike({
      hit: () => worker.freeze(),
      heal: () => worker.thaw(),
      // Past the moment at which somebody else has taken its jobs.
      lastsMs: (LEASE_SECONDS * 1.5 + RECONCILE_SECONDS * 2) * 1000,
    });
  },
};

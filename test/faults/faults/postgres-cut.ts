import type { Fault } from '../fault.js';

export const postgresCut: Fault = {
  name: 'postgres-cut',
  title: 'the way to PostgreSQL swallows every packet past the lease: of one worker, then of all; then a reset',
  backends: ['redis', 'postgres'],
  proxied: true,
  async inject({ stage, strike, until, pause }) {
    const { proxies } = stage;
    if (proxies === undefined) throw new Error('This stage has no proxies.');
    const { LEASE_SECONDS, RECONCILE_SECONDS } = stage.config;
    const [worker] = stage.workers;
    // Long enough for somebody else to take its jobs, and for readiness to be asked about it.
    const lastsMs = Math.max((LEASE_SECONDS * 1.5 + RECONCILE_SECONDS * 2) * 1000, 11_000);
    await until(async () => (await stage.runningOn(worker)) > 0, `jobs on ${worker.name}`);
    await strike({
      hit: () => proxies.ofFirstWorker.silence(),
      heal: () => proxies.ofFirstWorker.restore(),
      lastsMs,
      loses: 'database',
      losers: [worker],
    });
    await pause(3_000);
    await strike({
      hit: () => proxies.database.silence(),
      heal: () => proxies.database.restore(),
      lastsMs,
      loses: 'database',
    });
    await pause(3_000);
    await strike({ hit: () => proxies.database.reset() });
  },
};

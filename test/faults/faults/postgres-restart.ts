import type { Fault } from '../fault.js';

export const postgresRestart: Fault = {
  name: 'postgres-restart',
  title: 'PostgreSQL ended at once (-m immediate) and started again, twice',
  backends: ['redis', 'postgres'],
  async inject({ stage, random, times, strike, pause }) {
    const { postgres } = stage.servers;
    for (let restart = 0; restart < times(2); restart += 1) {
      await strike({
        hit: () => postgres.crash(),
        heal: () => postgres.restart(),
        lastsMs: random.whole(0, 3_000),
        loses: 'database',
      });
      await pause(random.whole(500, 3_000));
    }
  },
};

import type { Fault } from '../fault.js';

/** None of the apps gets in; then a few connections for all of them together. */
const rounds = [
  { room: 0, lastsMs: 12_000 },
  { room: 6, lastsMs: 8_000 },
];

/**
 * Other clients hold the connections that the server has: what was open is ended, as at a failover, and who comes back
 * is told 53300 (too many connections), as the database's own limit makes it say.
 */
export const postgresPoolHeld: Fault = {
  name: 'postgres-pool-held',
  title: 'no connection to PostgreSQL to be had (53300) for 12 s, then six for all apps together for 8 s',
  backends: ['redis', 'postgres'],
  async inject({ stage, strike, pause }) {
    for (const { room, lastsMs } of rounds) {
      await strike({
        hit: async () => {
          await stage.limitConnections(room);
          await stage.endConnections();
        },
        heal: () => stage.limitConnections(-1),
        lastsMs,
        loses: 'database',
      });
      await pause(3_000);
    }
  },
};

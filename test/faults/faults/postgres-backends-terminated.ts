import type { Fault } from '../fault.js';

const rounds = 6;

export const postgresBackendsTerminated: Fault = {
  name: 'postgres-backends-terminated',
  title: "all of the apps' connections ended by the server (pg_terminate_backend), six times",
  backends: ['redis', 'postgres'],
  async inject({ stage, random, strike, pause }) {
    for (let round = 0; round < rounds; round += 1) {
      await strike({ hit: () => stage.endConnections() });
      await pause(random.whole(200, 2_000));
    }
  },
};

import type { Fault } from '../fault.js';

export const hintsCut: Fault = {
  name: 'hints-cut',
  title: 'the connections that listen for hints cut, again and again: what is said meanwhile is lost',
  backends: ['redis', 'postgres'],
  orderly: true,
  async inject({ stage, times, strike, pause }) {
    const listeners = `datname = current_database() AND application_name = 'longhaul hints'`;
    const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${listeners}`;
    const cut = {
      redis: () => stage.redis.admin((client) => client.call('CLIENT', 'KILL', 'TYPE', 'pubsub')),
      postgres: () => stage.sql(terminate),
    };
    for (let count = 0; count < times(15); count += 1) {
      await strike({ hit: cut[stage.backend] });
      await pause(600);
    }
  },
};

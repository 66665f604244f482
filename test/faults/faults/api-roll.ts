import type { Fault } from '../fault.js';

export const apiRoll: Fault = {
  name: 'api-roll',
  title: 'SIGTERM roll of all apis under load, with clients on event streams, twice',
  backends: ['redis', 'postgres'],
  orderly: true,
  async inject({ stage, times, strike, endedInOrder }) {
    for (let roll = 0; roll < times(2); roll += 1) {
      for (const api of stage.apis) {
        await strike({ hit: async () => endedInOrder(api.name, await api.kill('SIGTERM')) });
        await api.becomesReady();
      }
    }
  },
};

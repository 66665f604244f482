import type { Fault } from '../fault.js';

/**
 * Each round a burst of submits is on its way when one api is killed: some of their rows are committed and not yet
 * enqueued, some are enqueued and not yet answered.
 */
export const apiKill9: Fault = {
  name: 'api-kill9',
  title: 'kill -9 of an api in bursts of submits, between commit and enqueue, ten times',
  backends: ['redis', 'postgres'],
  paced: 'by the fault',
  async inject({ stage, load, random, times, strike, pause }) {
    const rounds = times(10);
    const burst = Math.ceil(load.size / rounds);
    for (let round = 0; round < rounds; round += 1) {
      const api = stage.apis[round % stage.apis.length];
      await api.becomesReady();
      load.permit(burst);
      await pause(random.whole(2, 120));
      await strike({ hit: () => api.kill('SIGKILL') });
    }
  },
};

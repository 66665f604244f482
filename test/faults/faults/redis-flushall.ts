import type { Fault } from '../fault.js';

const flushes = 3;

export const redisFlushall: Fault = {
  name: 'redis-flushall',
  title: 'FLUSHALL: every doorbell, delivery and counter in Redis is gone, three times',
  backends: ['redis'],
  async inject({ stage, random, strike, pause }) {
    for (let flush = 0; flush < flushes; flush += 1) {
      await strike({ hit: () => stage.redis.admin((client) => client.flushall()) });
      await pause(random.whole(500, 3_000));
    }
  },
};

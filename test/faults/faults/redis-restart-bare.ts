import type { Fault, Strike } from '../fault.js';
import { busyAndIdle } from './busy-and-idle.js';

export const redisRestartBare: Fault = {
  name: 'redis-restart-bare',
  title: 'kill -9 of a Redis without an append-only file, which comes back empty, during work and when idle',
  backends: ['redis'],
  paced: 'by the fault',
  async inject(scene) {
    const { redis } = scene.stage;
    const restart = (lastsMs: number): Strike => ({
      hit: async () => {
        await redis.crash();
        await redis.wipe();
      },
      heal: () => redis.launch({ aof: false }),
      lastsMs,
      loses: 'queue',
    });
    await busyAndIdle(scene, restart(scene.random.whole(0, 3_000)), restart(12_000));
    // The faults that come later want one that keeps what it is told.
    await redis.admin((client) => client.config('SET', 'appendonly', 'yes'));
  },
};

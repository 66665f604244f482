import type { Fault, Strike } from '../fault.js';
import { busyAndIdle } from './busy-and-idle.js';

export const redisRestartAof: Fault = {
  name: 'redis-restart-aof',
  title: 'kill -9 of Redis, which comes back with its append-only file, during work and when idle',
  backends: ['redis'],
  paced: 'by the fault',
  async inject(scene) {
    const { redis } = scene.stage;
    const restart = (lastsMs: number): Strike => ({
      hit: () => redis.crash(),
      heal: () => redis.launch({ aof: true }),
      lastsMs,
      loses: 'queue',
    });
    await busyAndIdle(scene, restart(scene.random.whole(0, 3_000)), restart(12_000));
  },
};

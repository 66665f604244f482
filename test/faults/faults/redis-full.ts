import type { Fault, Strike } from '../fault.js';
import { busyAndIdle } from './busy-and-idle.js';

export const redisFull: Fault = {
  name: 'redis-full',
  title: 'Redis out of memory (maxmemory 1): it answers, and refuses every write; during work and when idle',
  backends: ['redis'],
  paced: 'by the fault',
  async inject(scene) {
    const { redis } = scene.stage;
    const limitMemory = (bytes: string) => redis.admin((client) => client.config('SET', 'maxmemory', bytes));
    const full: Strike = {
      hit: () => limitMemory('1'),
      heal: () => limitMemory('0'),
      lastsMs: 12_000,
      loses: 'queue',
    };
    await busyAndIdle(scene, full, full);
  },
};

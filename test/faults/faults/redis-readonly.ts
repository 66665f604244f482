import type { Fault, Strike } from '../fault.js';
import { busyAndIdle } from './busy-and-idle.js';

export const redisReadonly: Fault = {
  name: 'redis-readonly',
  title: 'Redis made a replica of nobody (REPLICAOF): READONLY to every write; during work and when idle',
  backends: ['redis'],
  paced: 'by the fault',
  async inject(scene) {
    const { redis } = scene.stage;
    const readonly: Strike = {
      // Nobody listens on port 1: the replica keeps the data that it has.
      hit: () => redis.admin((client) => client.replicaof('127.0.0.1', 1)),
      heal: () => redis.admin((client) => client.replicaof('NO', 'ONE')),
      lastsMs: 12_000,
      loses: 'queue',
    };
    await busyAndIdle(scene, readonly, readonly);
  },
};

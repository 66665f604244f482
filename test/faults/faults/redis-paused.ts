import type { Fault } from '../fault.js';
import { busyAndIdle } from './busy-and-idle.js';

const pauseMs = 12_000;

export const redisPaused: Fault = {
  name: 'redis-paused',
  title: 'Redis takes commands and answers none: CLIENT PAUSE during work, then SIGSTOP of the idle server',
  backends: ['redis'],
  paced: 'by the fault',
  async inject(scene) {
    const { redis } = scene.stage;
    const paused = {
      hit: () => redis.admin((client) => client.client('PAUSE', pauseMs, 'ALL')),
      // It holds back CLIENT UNPAUSE, too: it ends by itself.
      heal: () => redis.admin((client) => client.ping()),
    };
    const stopped = { hit: () => redis.freeze(), heal: () => redis.thaw() };
    const outage = { lastsMs: pauseMs, loses: 'queue' } as const;
    await busyAndIdle(scene, { ...paused, ...outage }, { ...stopped, ...outage });
  },
};

import type { Fault, Strike } from '../fault.js';
import { busyAndIdle } from './busy-and-idle.js';

const leastMs = 12_000;

export const redisCut: Fault = {
  name: 'redis-cut',
  title: 'a black hole before Redis for longer than a lease, then resets, then an open way; during work and when idle',
  backends: ['redis'],
  proxied: true,
  paced: 'by the fault',
  async inject(scene) {
    const { proxies, config } = scene.stage;
    const blackHole: Strike = {
      hit: () => proxies?.queue.silence(),
      heal: () => {
        proxies?.queue.reset();
        proxies?.queue.restore();
      },
      lastsMs: Math.max(leastMs, config.LEASE_SECONDS * 1_200),
      loses: 'queue',
    };
    await busyAndIdle(scene, blackHole, blackHole);
  },
};

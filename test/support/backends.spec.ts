import { Redis } from 'ioredis';
import { describeOnEachBackend, redisUrl } from './backends.js';

describeOnEachBackend('describeOnEachBackend', (backend) => {
  it('runs the block with a backend that is there', async () => {
    if (backend === 'postgres') return;
    const redis = new Redis(redisUrl ?? '');
    const config = await redis.config('GET', '*');
    redis.disconnect();
    expect(config).toEqual(expect.arrayContaining(['maxmemory-policy', 'noeviction', 'appendonly', 'no']));
  });
});

import { loadConfig } from '@longhaul/config';
import { redisUrl } from '../../test/support/backends.js';
import { judgeRedis, RedisCheck } from './redis-check.js';

(redisUrl === undefined ? describe.skip : describe)('Redis at start', () => {
  const check = (url: string) => new RedisCheck({ ...loadConfig({}), QUEUE_BACKEND: 'redis', REDIS_URL: url });

  it('is taken with noeviction', async () => {
    await expect(check(redisUrl ?? '').onModuleInit()).resolves.toBeUndefined();
  });

  it('is refused with a message when it cannot be reached, or not with this password', async () => {
    await expect(check('redis://127.0.0.1:1').onModuleInit()).rejects.toThrow('Redis cannot be used');
    const url = new URL(redisUrl ?? '');
    url.password = 'not-the-password';
    await expect(check(url.href).onModuleInit()).rejects.toThrow('Redis cannot be used');
  });
});

describe('the settings of Redis', () => {
  const judge = (policy: string, aof: string) => () =>
    judgeRedis(
      new Map([
        ['maxmemory_policy', policy],
        ['aof_enabled', aof],
      ]),
    );

  it('are refused when it may evict any key', () => {
    expect(judge('allkeys-lru', '1')).toThrow('set it to noeviction');
  });

  it('are warned about when they are unwise, and taken silently otherwise', () => {
    expect(judge('volatile-lru', '0')()).toHaveLength(2);
    expect(judge('noeviction', '1')()).toEqual([]);
  });
});

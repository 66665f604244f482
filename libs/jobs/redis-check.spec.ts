import { loadConfig } from '@longhaul/config';
import { redisUrl } from '../../test/support/backends.js';
import { QueueConnection } from './queue-connection.js';
import { judgeRedis, RedisCheck } from './redis-check.js';

(redisUrl === undefined ? describe.skip : describe)('Redis at start', () => {
  const nowhere = 'redis://127.0.0.1:1';
  const start = async (url: string, role: 'api' | 'worker' = 'worker') => {
    const config = { ...loadConfig({}), QUEUE_BACKEND: 'redis', REDIS_URL: url } as const;
    const connection = QueueConnection.open(config, role, 1);
    await new RedisCheck(config, connection, role).onModuleInit().finally(() => connection.close());
  };

  it('is taken with noeviction', async () => {
    await expect(start(redisUrl ?? '')).resolves.toBeUndefined();
  });

  it('is refused with a message when it cannot be reached, or not with this password', async () => {
    await expect(start(nowhere)).rejects.toThrow(/^Redis cannot be used: .*ECONNREFUSED/);
    const url = new URL(redisUrl ?? '');
    url.password = 'not-the-password';
    for (const role of ['api', 'worker'] as const) {
      await expect(start(url.href, role)).rejects.toThrow(/^Redis cannot be used: .*(WRONGPASS|ERR AUTH)/);
    }
  });

  it('may be away when an api starts', async () => {
    await expect(start(nowhere, 'api')).resolves.toBeUndefined();
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

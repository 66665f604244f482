import { setTimeout as pause } from 'node:timers/promises';
import { redisUrl } from '../../test/support/backends.js';
import { tcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.js';
import { Cache, type Lookup } from './cache.js';
import { RedisShelf } from './redis-shelf.js';
import { tierNames, tiers } from './tiers.js';

/** A source that counts how often it is asked. */
class Source {
  asked = 0;
  broken = false;

  load = (): Promise<{ n: number } | null> => {
    this.asked += 1;
    return this.broken ? Promise.reject(new Error('the database is away')) : Promise.resolve({ n: this.asked });
  };
}

const of = (source: Source, more: Partial<Lookup<{ n: number }>> = {}): Lookup<{ n: number }> => ({
  tier: 'content',
  key: 'k',
  load: source.load,
  ...more,
});
const prefix = () => `test-${Math.random().toString(36).slice(2)}:`;

describe('a cache in memory', () => {
  let now: number;
  let cache: Cache;
  let source: Source;
  beforeEach(() => {
    now = 1_000_000;
    cache = new Cache(null, () => now);
    source = new Source();
  });
  const counts = () => cache.counters.read().get('content');

  it('keeps an answer for as long as its tier says, and asks again then', async () => {
    for (const tier of tierNames) {
      const asked = new Source();
      await cache.get(of(asked, { tier }));
      now += tiers[tier] * 1000 - 1;
      await cache.get(of(asked, { tier }));
      expect(asked.asked).toBe(1);
      now += 1;
      await cache.get(of(asked, { tier }));
      expect(asked.asked).toBe(2);
    }
    expect(counts()).toEqual({ hits: 1, misses: 2, stale: 0, errors: 0 });
  });

  it('asks the source once for a thousand callers of one moment, also when that fails', async () => {
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => cache.get(of(source))));
    expect(new Set(answers)).toEqual(new Set([{ n: 1 }]));
    expect(source.asked).toBe(1);
    source.broken = true;
    const failed = await Promise.allSettled(
      Array.from({ length: 1_000 }, () => cache.get(of(source, { key: 'other' }))),
    );
    expect(failed.every(({ status }) => status === 'rejected')).toBe(true);
    expect(source.asked).toBe(2);
  });

  it('does not keep that there is nothing, nor a failure', async () => {
    const nothing = { ...of(source), load: () => Promise.resolve(null) };
    expect(await cache.get(nothing)).toBeNull();
    source.broken = true;
    await expect(cache.get(of(source))).rejects.toThrow('the database is away');
    source.broken = false;
    expect(await cache.get(of(source))).toEqual({ n: 2 });
  });

  it('gives what was fresh once while the source fails, without asking it at every call, and for a day at most', async () => {
    await cache.get(of(source));
    now += tiers.content * 1000;
    source.broken = true;
    for (let call = 0; call < 5; call += 1) expect(await cache.get(of(source))).toEqual({ n: 1 });
    expect(source.asked).toBe(2);
    expect(counts()?.stale).toBe(5);
    source.broken = false;
    now += 3_000;
    expect(await cache.get(of(source))).toEqual({ n: 3 });
    source.broken = true;
    now += (tiers.content + 86_400) * 1000;
    await expect(cache.get(of(source))).rejects.toThrow('the database is away');
  });

  it('gives what was fresh once while the source is slow, and the new answer when it has come', async () => {
    await cache.get(of(source));
    now += tiers.content * 1000;
    const slow = Promise.withResolvers<{ n: number }>();
    expect(await cache.get({ ...of(source), load: () => slow.promise })).toEqual({ n: 1 });
    slow.resolve({ n: 99 });
    await slow.promise;
    await pause(0);
    expect(await cache.get(of(source))).toEqual({ n: 99 });
  });

  it('never gives an answer of another version, not even while the source fails', async () => {
    await cache.get(of(source, { version: '1' }));
    source.broken = true;
    await expect(cache.get(of(source, { version: '2' }))).rejects.toThrow('the database is away');
  });

  it('forgets what the source does not have any more', async () => {
    await cache.get(of(source));
    now += tiers.content * 1000;
    expect(await cache.get({ ...of(source), load: () => Promise.resolve(null) })).toBeNull();
    source.broken = true;
    await expect(cache.get(of(source))).rejects.toThrow('the database is away');
  });

  it('holds a bounded amount, the latest used', async () => {
    const large = 'x'.repeat(4 * 1024 * 1024);
    const put = (key: string) => cache.get({ tier: 'content', key, load: () => Promise.resolve(large) });
    for (let index = 0; index < 40; index += 1) await put(`large ${index}`);
    const before = counts()?.misses ?? 0;
    await put('large 39');
    expect(counts()?.misses).toBe(before);
    await put('large 0');
    expect(counts()?.misses).toBe(before + 1);
  });
});

(redisUrl === undefined ? describe.skip : describe)('a cache with Redis behind', () => {
  const open: RedisShelf[] = [];
  const proxies: TcpProxy[] = [];
  afterEach(async () => {
    open.splice(0).forEach((shelf) => shelf.close());
    await Promise.all(proxies.splice(0).map((proxy) => proxy.cut()));
  });

  async function connected(url: string, keys: string): Promise<Cache> {
    const shelf = new RedisShelf(url, keys);
    open.push(shelf);
    shelf.open();
    while (
      await shelf.get('nothing').then(
        () => false,
        () => true,
      )
    )
      await pause(5);
    return new Cache(shelf);
  }

  /** Writes to Redis are waited for by nobody. */
  async function shared(source: Source, key: string): Promise<void> {
    for (;;) {
      const probe = new Cache(open[0]);
      const asked = source.asked;
      await probe.get(of(source, { key }));
      if (source.asked === asked) return;
      await pause(5);
    }
  }

  it('shares answers between processes, but neither local ones nor those of another version', async () => {
    const keys = prefix();
    const [first, second] = [await connected(redisUrl ?? '', keys), await connected(redisUrl ?? '', keys)];
    const source = new Source();
    const answer = await first.get(of(source));
    await shared(source, 'k');
    const { asked } = source;
    expect(await second.get(of(source))).toEqual(expect.objectContaining({ n: expect.any(Number) as number }));
    expect([answer?.n, source.asked]).toEqual([1, asked]);
    expect(second.counters.read().get('content')).toMatchObject({ hits: 1, misses: 0 });
    await second.get(of(source, { version: 'next' }));
    expect(source.asked).toBe(asked + 1);
    await first.get(of(source, { key: 'mine', local: true }));
    await second.get(of(source, { key: 'mine', local: true }));
    expect(source.asked).toBe(asked + 3);
  });

  it('answers at once while Redis is silent or gone, counts it, and shares again when Redis is back', async () => {
    const proxy = await tcpProxy(redisUrl ?? '');
    proxies.push(proxy);
    const cache = await connected(proxy.url, prefix());
    const source = new Source();
    proxy.silence();
    const startedAt = performance.now();
    for (let call = 0; call < 50; call += 1) await cache.get(of(source, { key: `silent ${call}` }));
    // One command waits in vain, a quarter of a second; the others do not ask.
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    expect(source.asked).toBe(50);
    expect(cache.counters.read().get('content')?.errors).toBeGreaterThan(0);
    proxy.restore();
    proxy.reset();
    await shared(source, 'back');
    expect(await cache.get(of(source, { key: 'back' }))).not.toBeNull();
    expect(cache.counters.read().get('content')?.hits).toBe(1);
  });
});

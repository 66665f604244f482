import { Socket } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { BudgetLease } from './budget-lease.js';
import { clientNetwork } from './client-network.js';
import { limitClassOf } from './limit-class.js';

describe('BudgetLease', () => {
  const take = async (lease: BudgetLease, count: number) =>
    (await Promise.all(Array.from({ length: count }, () => lease.take('k')))).filter(({ allowed }) => allowed).length;

  it('gives out the quota and no more, one by one and all at once', async () => {
    const lease = new BudgetLease(new RateLimiterMemory({ points: 5, duration: 60 }), 5);
    expect((await lease.take('k')).remaining).toBe(4);
    expect(await take(lease, 10)).toBe(4);
    expect(await lease.take('k')).toMatchObject({ allowed: false, remaining: 0 });
  });

  it('never exceeds the quota over several processes that share a store', async () => {
    const store = new RateLimiterMemory({ points: 500, duration: 60 });
    const leases = [1, 2, 3].map(() => new BudgetLease(store, 500));
    const allowed = (await Promise.all(leases.map((lease) => take(lease, 300)))).reduce((sum, count) => sum + count);
    expect(allowed).toBe(500);
  });

  it('counts callers apart', async () => {
    const lease = new BudgetLease(new RateLimiterMemory({ points: 1, duration: 60 }), 1);
    expect((await lease.take('a')).allowed).toBe(true);
    expect((await lease.take('b')).allowed).toBe(true);
    expect((await lease.take('a')).allowed).toBe(false);
  });

  it('asks for less than a round trip a call', async () => {
    let calls = 0;
    const store = new RateLimiterMemory({ points: 1_000, duration: 60 });
    const counted = { consume: (key: string | number, points?: number) => ((calls += 1), store.consume(key, points)) };
    const lease = new BudgetLease(counted, 1_000);
    for (let call = 0; call < 100; call += 1) await lease.take('k');
    expect(calls).toBe(10);
  });

  it('does not look through all budgets at each call when more than ten thousand callers are live', async () => {
    const endless = { consume: () => Promise.resolve(new RateLimiterRes(9, 60_000, 1)) };
    const lease = new BudgetLease(endless, 10);
    const startedAt = performance.now();
    for (let caller = 0; caller < 100_000; caller += 1) await lease.take(`caller ${caller}`);
    // A second or less; it takes minutes when each call looks through all of them.
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  it('passes the failure of its store on', async () => {
    const lease = new BudgetLease({ consume: () => Promise.reject(new Error('away')) }, 10);
    await expect(lease.take('k')).rejects.toThrow('away');
  });
});

describe('clientNetwork', () => {
  it('takes an IPv4 address whole, and of an IPv6 address its /64', () => {
    expect(clientNetwork('203.0.113.7')).toBe('203.0.113.7');
    expect(clientNetwork('::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(clientNetwork('2001:DB8:0:1:aaaa::1')).toBe('2001:db8:0:1::/64');
    expect(clientNetwork('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(clientNetwork('::1')).toBe('0:0:0:0::/64');
    expect(clientNetwork('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    expect(clientNetwork(new Socket().remoteAddress)).toBe('unknown');
  });
});

describe('limitClassOf', () => {
  it('knows the class of a route', () => {
    expect(limitClassOf('POST', '/tasks')).toBe('submit');
    expect(limitClassOf('POST', '/tasks/:id/retry')).toBe('submit');
    expect(limitClassOf('POST', '/auth/token')).toBe('login');
    expect(limitClassOf('GET', '/auth/me')).toBe('read');
    expect(limitClassOf('GET', '/tasks/:id/stream')).toBe('stream');
    expect(limitClassOf('POST', '/tasks/:id/stream-ticket')).toBe('read');
    expect(limitClassOf('PATCH', '/content/:id')).toBe('submit');
    for (const verb of ['rollback', 'approve', 'reject', 'publish', 'unpublish']) {
      expect([verb, limitClassOf('POST', `/content/:id/${verb}`)]).toEqual([verb, 'submit']);
    }
    expect(limitClassOf('GET', '/content/:id')).toBe('read');
    expect(limitClassOf('GET', '/health/live')).toBeNull();
  });
});

import { identify } from './request-identity.js';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('identify', () => {
  it('keeps a request id of safe characters and replaces any other', () => {
    expect(identify('abc-1.2_3', undefined).requestId).toBe('abc-1.2_3');
    for (const bad of ['', 'a b', 'a\r\nb', 'a'.repeat(129), '<x>']) {
      expect(identify(bad, undefined).requestId).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('goes on with a valid trace and begins a new one otherwise', () => {
    expect(identify(undefined, traceparent)).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      traceparent,
    });
    for (const bad of [
      '00-zz-zz-01',
      traceparent.toUpperCase(),
      `ff${traceparent.slice(2)}`,
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    ]) {
      const identity = identify(undefined, bad);
      expect(identity.traceparent).toMatch(new RegExp(`^00-${identity.traceId}-[0-9a-f]{16}-01$`));
      expect(identity.traceparent).not.toBe(bad);
    }
  });
});

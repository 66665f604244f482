import { Logger } from '@nestjs/common';
import { HostBreakers } from './host-breakers.js';
import { OutboundError } from './outbound-error.js';

const transient = () => Promise.reject(new OutboundError('http_status', 'down', { status: 503 }));
const notFound = () => Promise.reject(new OutboundError('http_status', 'gone', { status: 404 }));
const fine = () => Promise.resolve('fine');

beforeAll(() => Logger.overrideLogger(false));

describe('the circuit breakers of hosts', () => {
  let breakers: HostBreakers;
  const fail = async (host: string, times: number, how: () => Promise<unknown> = transient) => {
    for (let turn = 0; turn < times; turn++) await expect(breakers.execute(host, how)).rejects.toThrow();
  };
  const stateOf = (host: string) => breakers.states().find((state) => state.host === host);

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    breakers = new HostBreakers();
  });
  afterEach(() => jest.useRealTimers());

  it('open after five transient failures in a row, each host on its own', async () => {
    await fail('a', 4);
    expect(stateOf('a')).toMatchObject({ state: 'closed', failures: 4 });
    await fail('a', 1);
    expect(stateOf('a')).toMatchObject({ state: 'open', failures: 5, openUntil: new Date(Date.now() + 60_000) });
    await expect(breakers.execute('a', fine)).rejects.toMatchObject({ code: 'circuit_open', retryAfter: 60_000 });
    expect(await breakers.execute('b', fine)).toBe('fine');
  });

  it('count again from zero after any final answer', async () => {
    await fail('a', 4);
    await fail('a', 1, notFound);
    await fail('a', 4);
    await fail('a', 100, notFound);
    expect(stateOf('a')).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('let one request through after a minute, and close when it succeeds', async () => {
    await fail('a', 5);
    jest.advanceTimersByTime(60_000);
    expect(await breakers.execute('a', fine)).toBe('fine');
    expect(stateOf('a')).toEqual({
      ...{ host: 'a', state: 'closed', failures: 0, openUntil: null },
      since: new Date(),
    });
  });

  it('stay open when the trial fails, or is given up by its caller', async () => {
    await fail('a', 5);
    for (const trial of [transient, () => Promise.reject(new Error('cancelled'))]) {
      jest.advanceTimersByTime(60_000);
      await fail('a', 1, trial);
      expect(stateOf('a')).toMatchObject({ state: 'open' });
    }
  });

  it('learn nothing from a request that its caller gave up', async () => {
    await fail('a', 4);
    await fail('a', 10, () => Promise.reject(new Error('cancelled')));
    expect(stateOf('a')).toMatchObject({ state: 'closed', failures: 4 });
  });

  it('keep a bounded table', async () => {
    await fail('down', 5);
    for (let host = 0; host < 1_500; host++) await breakers.execute(String(host), fine);
    expect(breakers.states().length).toBeLessThanOrEqual(1_000);
    expect(stateOf('down')).toMatchObject({ state: 'open' });
  });
});

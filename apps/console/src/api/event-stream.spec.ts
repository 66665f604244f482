import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventStream, LiveState } from './event-stream.js';

/** What a proxy lets through of an answer. */
type Passes = 'nothing' | 'headers' | 'all';

describe('a stream behind a proxy', () => {
  let passes: Passes;
  let server: Server;
  let stream: EventStream;
  let states: LiveState[];
  let headersSeen: number;
  const fetchAsIs = globalThis.fetch;

  beforeEach(async () => {
    // Network and parser keep their own time.
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance'] });
    headersSeen = 0;
    states = [];
    globalThis.fetch = async (...call) => {
      const answer = await fetchAsIs(...call);
      headersSeen += 1;
      server.emit('passed');
      return answer;
    };
    server = createServer((_, response: ServerResponse) => {
      if (passes !== 'nothing') response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      if (passes === 'all') response.write(': open\n\n');
      server.emit('asked');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.defineProperty(globalThis, 'location', { value: { origin }, configurable: true });
  });
  afterEach(() => {
    stream.close();
    globalThis.fetch = fetchAsIs;
    jest.useRealTimers();
    server.closeAllConnections();
    server.close();
  });

  const open = async () => {
    const module = await import('./event-stream.js');
    stream = new module.EventStream({
      path: '/tasks/stream',
      onMessage: () => undefined,
      onState: (state) => {
        states.push(state);
        server.emit(state);
      },
    });
  };

  it.each([
    ['nothing', 'asked'],
    ['headers', 'passed'],
  ] as const)('is given up when %s gets through, and is live at its first byte', async (part, arrives) => {
    passes = part;
    let arrived = once(server, arrives);
    await open();
    for (const expected of ['reconnecting', 'reconnecting', 'polling']) {
      await arrived;
      arrived = once(server, arrives);
      jest.advanceTimersByTime(10_000);
      expect(states.at(-1)).toBe(expected);
    }
    await arrived;
    expect(states).toEqual(['reconnecting', 'reconnecting', 'polling']);
    expect(headersSeen).toBe(part === 'headers' ? 4 : 0);
    passes = 'all';
    const live = once(server, 'live');
    jest.advanceTimersByTime(40_000);
    await live;
  });
});

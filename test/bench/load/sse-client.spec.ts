import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readStream, type SseClient } from './sse-client.js';

describe('a client of the sse benchmark', () => {
  let server: Server | undefined;
  let ticks: number;

  /** @param sent numbers of the messages: a snapshot, then ticks. */
  async function read(sent: readonly number[], status = 200): Promise<SseClient> {
    server = createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'text/event-stream', connection: 'close' }).write(': open\n\n');
      sent.forEach((seq, index) => {
        const type = index === 0 ? 'snapshot' : 'log';
        const data = { type, seq, timestamp: new Date().toISOString() };
        response.write(`id: ${seq}\ndata: ${JSON.stringify(data)}\n\n`);
      });
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ticks = 0;
    return readStream((server.address() as AddressInfo).port, '/tasks/1/stream', 'token', () => (ticks += 1));
  }

  afterEach(() => new Promise((closed) => server?.close(closed)));

  it('counts the ticks behind the snapshot', async () => {
    const { opened, ended } = await read([3, 4, 5, 6]);
    await opened;
    await ended;
    expect(ticks).toBe(3);
  });

  it.each([
    ['is lost', [1, 2, 4, 5], 'event 4 came behind event 2', 1],
    ['comes twice', [1, 2, 3, 3], 'event 3 came behind event 3', 2],
    ['comes too late', [1, 3, 2], 'event 3 came behind event 1', 0],
  ])('fails when an event %s, and does not count it', async (_, sent, why, counted) => {
    const { opened, ended } = await read(sent);
    await opened;
    await expect(ended).rejects.toThrow(why);
    expect(ticks).toBe(counted);
  });

  it('fails when the stream ends before its snapshot, or is refused', async () => {
    const { opened, ended } = await read([]);
    await expect(opened).rejects.toThrow('before its snapshot');
    await expect(ended).rejects.toThrow('before its snapshot');
    server?.close();
    const refused = await read([], 429);
    await expect(refused.opened).rejects.toThrow('HTTP/1.1 429');
  });
});

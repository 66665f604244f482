import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Target } from './target.js';

/** A deployment whose one task stays as it is. */
async function stuck(task: object): Promise<{ target: Target; close: () => void }> {
  const server = createServer((_request, response) => response.end(JSON.stringify(task))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { target: new Target({ baseUrl, tokens: {}, scrapeUrl: '', patience: 0 }), close: () => server.close() };
}

test.each([
  [{ status: 'PENDING', started_at: null, error: null }, 'has not been started (does a worker run?) after 0 s'],
  [{ status: 'RUNNING', started_at: '2026-01-01T00:00:00Z', error: null }, 'still runs after 0 s'],
  [
    { status: 'PENDING', started_at: '2026-01-01T00:00:00Z', error: { message: 'No route to the page.' } },
    'waits for its next attempt (the last one: No route to the page.) after 0 s',
  ],
])('a task that does not end is told as it was seen: %#', async (task, words) => {
  const { target, close } = await stuck(task);
  await expect(target.end('7')).rejects.toThrow(`task 7 ${words}`);
  close();
});

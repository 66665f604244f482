import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { freePort } from './free-port.js';

const host = '127.0.0.1';
let taken: Server;
beforeAll(async () => {
  taken = createServer().listen(0, host);
  await once(taken, 'listening');
});
afterAll(() => void taken.close());

test('a port that is taken is passed over', async () => {
  const { port } = taken.address() as AddressInfo;
  const found = await freePort(port, host);
  expect(found).toBeGreaterThan(port);
  const listener = createServer().listen(found, host);
  await once(listener, 'listening');
  listener.close();
});

test('0 means any free port', async () => {
  expect(await freePort(0, host)).toBeGreaterThan(0);
});

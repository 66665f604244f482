import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import { adaAs } from '@longhaul/auth/testing';
import { until } from '@longhaul/jobs/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Problem } from '../problems/problem.js';
import type { SseConnection } from './sse-connection.js';
import { SseConnections } from './sse-connections.js';
import { frameOf } from './sse-frame.js';

const ada = adaAs('user');
/** More than the kernel takes for a client that does not read. */
const large = frameOf(1, { result: 'x'.repeat(14_000_000) });

describe('streams of one user, who may have one', () => {
  let database: TestDatabase;
  let server: FastifyInstance;
  let connections: SseConnections;
  let begun: SseConnection[];
  const clients: Socket[] = [];

  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    begun = [];
    connections = new SseConnections(testConfig(database, { STREAMS_PER_USER: 1 }));
    server = fastify();
    server.get('/', async (_, reply) => {
      try {
        const connection = await connections.begin(reply, ada);
        if (connection !== null) begun.push(connection);
      } catch (error) {
        void reply.code(error instanceof Problem ? 429 : 500).send();
      }
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await server.close();
  });

  async function openUnread(): Promise<SseConnection> {
    const before = begun.length;
    const client = connect((server.server.address() as AddressInfo).port, '127.0.0.1').pause();
    clients.push(client.on('error', () => undefined));
    client.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
    await until(() => Promise.resolve(begun.length > before));
    return begun[before];
  }

  /** The status of one more stream, which is left at once. */
  async function another(): Promise<string> {
    const client = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
    const [head] = (await once(client, 'data')) as [Buffer];
    client.destroy();
    return head.toString('latin1', 9, 12);
  }

  it('an ended one counts until its last messages are read, for a while', async () => {
    const connection = await openUnread();
    let ends = 0;
    connection.onClose(() => (ends += 1));
    connection.send(large);
    connection.end();
    expect([ends, connection.isOpen, await another()]).toEqual([1, false, '429']);
    connection.look(Date.now() + 9_000);
    expect(await another()).toBe('429');
    connection.look(Date.now() + 10_000);
    await until(async () => (await another()) === '200');
    expect(ends).toBe(1);
  });

  it('one whose client reads to the end brings everything, and gives its place back', async () => {
    const connection = await openUnread();
    connection.send(large);
    connection.end();
    let bytes = 0;
    let tail = '';
    for await (const part of clients[0] as AsyncIterable<Buffer>) {
      bytes += part.length;
      tail = (tail + part.toString('latin1')).slice(-5);
    }
    expect([bytes > large.chunk.length, tail]).toEqual([true, '0\r\n\r\n']);
    await until(async () => (await another()) === '200');
  });

  it('one whose client says that it has left, and does not read, counts for a while and is closed', async () => {
    const connection = await openUnread();
    connection.send(large);
    clients[0]?.end();
    await until(() => Promise.resolve(!connection.isOpen));
    expect(await another()).toBe('429');
    connection.look(Date.now() + 10_000);
    await until(async () => (await another()) === '200');
  });

  it('one that is open and not read holds a server that stops for a few seconds at most', async () => {
    const connection = await openUnread();
    connection.send(large);
    const from = Date.now();
    connections.onModuleDestroy();
    await server.close();
    expect(Date.now() - from).toBeLessThan(5_000);
  });
});

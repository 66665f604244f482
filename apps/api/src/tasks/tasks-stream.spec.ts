import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import { adaAs } from '@longhaul/auth/testing';
import { request, startTestApi, submitted, testKind, type TestApi } from '@longhaul/jobs/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { SseConnections } from './sse-connections.js';
import { TasksStream } from './tasks-stream.js';

const kind = testKind('unrun', () => Promise.resolve({}));
const ada = adaAs('admin');

describe('the stream of all tasks', () => {
  let database: TestDatabase;
  let api: TestApi;
  let server: FastifyInstance;
  let connections: SseConnections;
  let client: Socket;
  let watch: jest.SpyInstance;
  /** Of the stream that was asked for: it has been asked for, and it has begun or will not. */
  let asked: PromiseWithResolvers<void>;
  let settled: PromiseWithResolvers<void>;
  let earlier: PromiseWithResolvers<string>;

  beforeAll(async () => {
    database = await testDatabase();
    const config = testConfig(database);
    api = await startTestApi(config, [kind]);
    watch = jest.spyOn(api.log, 'watch');
    connections = new SseConnections(config);
    const stream = new TasksStream(connections, api.jobs, api.log);
    server = fastify();
    server.get('/earlier', () => earlier.promise);
    server.get('/stream', (_, reply) => {
      const opened = stream.open({ limit: 10 }, null, ada, reply);
      asked.resolve();
      void opened.then(settled.resolve, settled.reject);
      return opened;
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
  });
  beforeEach(() => {
    watch.mockClear();
    [asked, settled] = [Promise.withResolvers(), Promise.withResolvers()];
    earlier = Promise.withResolvers();
    client = connect((server.server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
  });
  afterEach(() => void client.destroy());
  afterAll(async () => {
    connections.onModuleDestroy();
    await server.close();
    await api.close();
    await database.drop();
  });

  const ask = (path: string, header = '') => client.write(`GET ${path} HTTP/1.1\r\nHost: here\r\n${header}\r\n`);

  async function textUntil(end: string): Promise<string> {
    let text = '';
    for await (const part of client.iterator({ destroyOnReturn: false })) {
      text += String(part);
      if (text.includes(end)) return text;
    }
    throw new Error(`The connection has ended after: ${text}`);
  }

  it('keeps no events for a request that is not read to its end, and begins with a snapshot of then', async () => {
    ask('/stream', 'Content-Length: 4\r\n');
    await asked.promise;
    expect(watch).not.toHaveBeenCalled();
    const { id } = await submitted(api, request(kind));
    client.write('body');
    const text = await textUntil(id);
    expect([text.includes('"type":"snapshot"'), watch.mock.calls.length]).toEqual([true, 1]);
    const next = await submitted(api, request(kind));
    await textUntil(next.id);
  });

  it('keeps none behind an earlier request, nor for a client that has left there', async () => {
    ask('/earlier');
    ask('/stream');
    await asked.promise;
    client.destroy();
    await once(client, 'close');
    await settled.promise;
    expect(watch).not.toHaveBeenCalled();
    earlier.resolve('late');
  });
});

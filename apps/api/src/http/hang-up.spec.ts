import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { until } from '@longhaul/jobs/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { makeApi } from '../start-api.js';

let database: TestDatabase;
let app: NestFastifyApplication;

beforeAll(async () => {
  database = await testDatabase();
  app = await makeApi(testConfig(database, { ADMIN_PASSWORD: 'a long password' }));
  await app.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

it('a client that hangs up in the middle of its body is refused in the log, and harms nobody', async () => {
  const logged = jest.spyOn(Logger.prototype, 'log');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const head = ['POST /auth/token HTTP/1.1', 'Host: here', 'Content-Type: application/json', 'Content-Length: 100'];
  socket.write(`${head.join('\r\n')}\r\n\r\n{"username":`);
  await once(app.getHttpServer(), 'request');
  socket.destroy();
  const entries = () => logged.mock.calls.map(([entry]) => entry as { event?: string; client?: string });
  await until(() => Promise.resolve(entries().some(({ event }) => event === 'request_refused')));
  expect(entries().find(({ event }) => event === 'request_refused')).toMatchObject({
    ...{ status: 400, code: 'malformed_request', client: 'unknown' },
  });
  expect((await app.inject('/health/live')).statusCode).toBe(200);
});

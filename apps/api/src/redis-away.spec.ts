import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { makeUser, tokenFor } from '@longhaul/auth/testing';
import type { Config } from '@longhaul/config';
import { until } from '@longhaul/jobs/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { redisUrl } from '../../../test/support/backends.js';
import { tcpProxy } from '../../../test/support/tcp-proxy.js';
import { makeApi } from './start-api.js';

(redisUrl === undefined ? describe.skip : describe)('an api without Redis', () => {
  let database: TestDatabase;
  let config: Config;
  let api: NestFastifyApplication;

  beforeAll(async () => {
    database = await testDatabase();
  });
  afterEach(() => api.close());
  afterAll(() => database.drop());

  const start = async (url: string) => {
    config = testConfig(database, { REDIS_URL: url, QUEUE_BACKEND: 'redis', NODE_ENV: 'test' });
    api = await makeApi(config);
  };
  const readiness = async () => {
    const { statusCode, body } = await api.inject({ method: 'GET', url: '/health/ready' });
    return [statusCode, JSON.parse(body)] as const;
  };
  const degraded = [200, { status: 'ok', degraded: ['queue'] }];

  it('stays ready when it loses it, and says what is away', async () => {
    const proxy = await tcpProxy(redisUrl ?? '');
    await start(proxy.url);
    await until(async () => (await readiness())[1].degraded === undefined);
    expect(await readiness()).toEqual([200, { status: 'ok' }]);
    await proxy.cut();
    await until(async () => (await readiness())[1].degraded !== undefined);
    expect(await readiness()).toEqual(degraded);
  });

  it('starts, takes a task and shows it', async () => {
    await start('redis://127.0.0.1:1');
    expect(await readiness()).toEqual(degraded);
    const source = api.get(DataSource);
    const token = await tokenFor(source, config, await makeUser(source));
    const headers = { authorization: `Bearer ${token}` };
    const payload = { task_type: 'simulation', duration: 1 };
    const submitted = await api.inject({ method: 'POST', url: '/tasks', headers, payload });
    expect(submitted.statusCode).toBe(202);
    const { task_id: id } = submitted.json<{ task_id: string }>();
    const shown = await api.inject({ method: 'GET', url: `/tasks/${id}`, headers });
    expect(shown.json()).toMatchObject({ task_id: id, status: 'PENDING' });
  });
});

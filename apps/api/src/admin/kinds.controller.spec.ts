import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { makeUser, tokenFor } from '@longhaul/auth/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { makeApi } from '../start-api.js';

type Role = 'user' | 'editor' | 'admin';

let database: TestDatabase;
let app: NestFastifyApplication;
let admin: { id: string; username: string };
const tokens = new Map<string, string>();

beforeAll(async () => {
  database = await testDatabase();
  const config = testConfig(database, { ADMIN_PASSWORD: 'a long password' });
  app = await makeApi(config);
  for (const role of ['user', 'editor', 'admin'] as const) {
    const user = await makeUser(app.get(DataSource), { roles: [role] });
    tokens.set(role, await tokenFor(app.get(DataSource), config, user));
    admin = user;
  }
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function ask(method: 'GET' | 'POST', url: string, payload?: object, role: Role | null = 'admin') {
  const headers = role === null ? {} : { authorization: `Bearer ${tokens.get(role) ?? ''}` };
  const answer = await app.inject({ method, url, headers, ...(payload && { payload }) });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it freely
  return { status: answer.statusCode, json: answer.json<any>() };
}

const pause = (body: object = {}) => ask('POST', '/admin/kinds/simulation/pause', body);
const resume = () => ask('POST', '/admin/kinds/simulation/resume');
const pausedTypes = async (role: Role) =>
  ((await ask('GET', '/task-types', undefined, role)).json as { task_type: string; paused: boolean }[])
    .filter(({ paused }) => paused)
    .map(({ task_type }) => task_type);

it('pauses and resumes a task type, and everybody can see it', async () => {
  const paused = {
    ...{ task_type: 'simulation', paused: true, paused_by: admin.id, paused_by_name: admin.username },
    ...{ paused_at: expect.stringMatching(/^\d{4}-.*Z$/), reason: 'Too hot.' },
  };
  const first = await pause({ reason: 'Too hot.' });
  expect(first).toEqual({ status: 200, json: paused });
  expect(await pause()).toEqual(first);
  expect(await pausedTypes('user')).toEqual(['simulation']);
  const task = await ask('POST', '/tasks', { task_type: 'simulation', duration: 0, steps: 1 }, 'user');
  expect(task).toMatchObject({ status: 202, json: { status: 'PENDING' } });
  const resumed = { paused: false, paused_by: null, paused_by_name: null, paused_at: null, reason: null };
  for (let time = 0; time < 2; time += 1)
    expect(await resume()).toEqual({ status: 200, json: { task_type: 'simulation', ...resumed } });
  expect(await pausedTypes('user')).toEqual([]);
});

it.each(['pause', 'resume'])('lets nobody but admins %s', async (verb) => {
  const url = `/admin/kinds/simulation/${verb}`;
  for (const role of ['user', 'editor'] as const)
    expect(await ask('POST', url, {}, role)).toMatchObject({ status: 403, json: { code: 'forbidden' } });
  expect((await ask('POST', url, {}, null)).status).toBe(401);
  expect(await pausedTypes('admin')).toEqual([]);
});

it.each(['nope', 'constructor', '__proto__', 'SIMULATION', '%00', 'simulation%00'])(
  'knows no type %s',
  async (kind) => {
    for (const verb of ['pause', 'resume'])
      expect(await ask('POST', `/admin/kinds/${kind}/${verb}`, {})).toMatchObject({
        status: 404,
        json: { code: 'not_found' },
      });
  },
);

it.each([{ reason: '' }, { reason: '   ' }, { reason: 'x'.repeat(1_001) }, { reason: 7 }, { by: 'eve' }])(
  'refuses %j',
  async (body) => expect((await pause(body)).status).toBe(422),
);

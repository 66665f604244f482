import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import type { Principal } from '@longhaul/auth';
import { adaAs } from '@longhaul/auth/testing';
import type { Config } from '@longhaul/config';
import type { JobEntity, ShownJob } from '@longhaul/jobs';
import { request, startTestApi, submitted, testKind, type TestApi } from '@longhaul/jobs/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Shutdown } from '../shutdown.js';
import { Submissions } from './submissions.js';
import { SubmitBodyReader } from './submit-body.js';
import { TaskAccess } from './task-access.js';
import { TaskAnswers } from './task-answers.js';
import { TaskChanges } from './task-changes.js';
import { TaskList } from './task-list.js';
import { TaskWaits } from './task-waits.js';
import type { TaskDto } from './task.dto.js';
import { TasksController } from './tasks.controller.js';

const kind = testKind('unrun', () => Promise.resolve({}));
const ada = adaAs('user');
const ownerId = ada.subject;

let database: TestDatabase;
let config: Config;
let api: TestApi;
let server: FastifyInstance;

/** The worker writes a line right after a task has been read. */
class AccessBeforeALine extends TaskAccess {
  lines = 0;

  override async shown(id: string, principal: Principal): Promise<ShownJob> {
    const shown = await super.shown(id, principal);
    await writeLine(shown.job, `line ${++this.lines}`);
    return shown;
  }
}

async function writeLine(job: JobEntity, message: string): Promise<void> {
  const events = [{ type: 'log' as const, level: 'info' as const, message, actor: 'worker:test' }];
  if (!(await api.attempts.append(job, { events, progress: null }))) throw new Error('not running');
}

function controllerWith(access: TaskAccess): TasksController {
  return new TasksController(
    new Submissions(new SubmitBodyReader(new Map([[kind.definition.name, kind.definition]]), config), api.jobs),
    api.jobs,
    access,
    new TaskChanges(api.jobs, access),
    new TaskList(api.jobs),
    new TaskWaits(api.jobs, new Shutdown()),
    new TaskAnswers(config),
  );
}

beforeAll(async () => {
  database = await testDatabase();
  config = testConfig(database);
  api = await startTestApi(config, [kind]);
  const racing = controllerWith(new AccessBeforeALine(config, api.jobs));
  const calm = controllerWith(new TaskAccess(config, api.jobs));
  const answer = (controller: TasksController, id: string, reply: FastifyReply) =>
    controller.findOne(id, ada, undefined, undefined, reply);
  server = fastify();
  server.get<{ Params: { id: string } }>('/racing/:id', ({ params }, reply) => answer(racing, params.id, reply));
  server.get<{ Params: { id: string } }>('/calm/:id', ({ params }, reply) => answer(calm, params.id, reply));
});
afterAll(async () => {
  await server.close();
  await api.close();
  await database.drop();
});

it('one ETag carries one body, also when a line is written while the task is read', async () => {
  const { id } = await submitted(api, request(kind, { ownerId }));
  await api.claim({ kind: 'unrun', workerId: 'test', lane: 'any', nonce: id, leaseSeconds: 60, perOwner: 0 });
  const before = await server.inject(`/calm/${id}`);
  const during = await server.inject(`/racing/${id}`);
  expect(during.headers.etag).toBe(before.headers.etag);
  expect(during.body).toBe(before.body);
  const after = await server.inject(`/calm/${id}`);
  expect(after.headers.etag).not.toBe(before.headers.etag);
  expect(after.json<TaskDto>().logs.map(({ message }) => message)).toContain('line 1');
});

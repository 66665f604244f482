import { randomUUID } from 'node:crypto';
import { until } from '@longhaul/jobs/testing';
import { call, openStream, startDeployment, type Deployment } from '../support/deployment.js';

const canary = 'CANARY0123456789abcdefghijklmnopqrstuvwxyz0';

describe('the logs of built apps', () => {
  let deployment: Deployment;
  const all = () => [...deployment.apis, ...deployment.workers].map((app) => app.logs()).join('\n');
  const lines = () =>
    all()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  beforeAll(async () => {
    deployment = await startDeployment({
      backend: 'postgres',
      env: {
        LOG_LEVEL: 'debug',
        OPENAI_API_KEY: `sk-${canary}`,
        GENERATORS: 'openai',
        OPENAI_BASE_URL: 'http://127.0.0.1:9',
      },
    });
  }, 60_000);
  afterAll(() => deployment.stop());

  it('name the request, the job, the attempt and the trace', async () => {
    const [api] = deployment.apis;
    const { token } = deployment.users.user;
    const requestId = `request-${randomUUID()}`;
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { 'x-request-id': requestId, traceparent: `00-${traceId}-b7ad6b7169203331-01`, prefer: 'wait=20' };
    await call(api, 'POST', '/tasks', { token, body: { task_type: 'nothing' }, headers });
    const body = { task_type: 'simulation', duration: 0, fail_probability: 1, max_attempts: 1 };
    const { json } = await call(api, 'POST', '/tasks', { token, body, headers });
    const lineOf = (holds: (line: Record<string, unknown>) => boolean) => lines().find(holds);
    await until(() => Promise.resolve(lineOf(({ job_id }) => job_id === json.task_id) !== undefined));
    expect(lineOf(({ request_id }) => request_id === requestId)).toMatchObject({ trace_id: traceId, app: 'api' });
    expect(lineOf(({ job_id }) => job_id === json.task_id)).toMatchObject({
      app: 'worker',
      kind: 'simulation',
      attempt: 1,
      trace_id: traceId,
    });
  });

  it('tell no secret that real calls bring', async () => {
    const [api] = deployment.apis;
    const { user } = deployment.users;
    const before = lines().length;
    await call(api, 'POST', '/auth/token', { body: { username: 'user', password: canary } });
    await call(api, 'POST', '/auth/token', { body: `{"username":"user","password":"${canary}"` });
    await call(api, 'POST', '/auth/token', { body: { grant_type: 'refresh_token', refresh_token: canary } });
    await call(api, 'GET', `/tasks?${canary}=1`, { token: canary });
    await call(api, 'GET', '/tasks', {
      headers: { authorization: `Basic ${canary}`, cookie: `longhaul_stream=${canary}` },
    });
    await call(api, 'GET', `/tasks/${randomUUID()}/stream?ticket=${canary}`);
    await call(api, 'GET', `/tasks?api_key=${canary}&limit=many`, { token: user.token });
    const made = { task_type: 'simulation', duration: 600, metadata: { password: canary } };
    const { json } = await call(api, 'POST', '/tasks', { token: user.token, body: made });
    const { json: issued } = await call(api, 'POST', `/tasks/${json.task_id}/stream-ticket`, { token: user.token });
    await openStream(`${api.url}/tasks/${json.task_id}/stream?ticket=${issued.ticket}`).next();
    await call(api, 'GET', `/tasks/${json.task_id}/stream?ticket=${issued.ticket}`);
    const body = {
      task_type: 'content_generation',
      topic: 'Solar panels',
      source_material: ['Solar panels make current.'],
    };
    await call(api, 'POST', '/tasks', {
      token: user.token,
      body: { ...body, max_attempts: 1 },
      headers: { prefer: 'wait=10' },
    });
    // A worker whose database refuses its password says so, and not with which one.
    const url = new URL(deployment.env.DATABASE_URL);
    url.password = canary;
    url.pathname = '/nothing';
    const urls = { DATABASE_URL: url.href, MIGRATION_DATABASE_URL: url.href };
    const failed = await deployment.startApi(urls).then(
      () => 'it started',
      (error: Error) => error.message,
    );
    expect(failed).toMatch(/did not start/);
    await until(() => Promise.resolve(lines().length > before + 4));
    const said = `${all()}\n${failed}`;
    for (const secret of [canary, user.token, issued.ticket as string, new URL(deployment.env.DATABASE_URL).password]) {
      expect(secret.length).toBeGreaterThan(7);
      expect(said).not.toContain(secret);
    }
  });
});

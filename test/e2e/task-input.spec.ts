import { call, startDeployment, type CallOptions, type Deployment } from '../support/deployment.js';

const quick = { task_type: 'simulation', duration: 0, steps: 1 };

describe('what a task was submitted with', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await startDeployment({ backend: 'postgres', workers: 0 });
  }, 60_000);
  afterAll(() => deployment.stop());

  const ask = (method: string, path: string, options: CallOptions = {}) =>
    call(deployment.apis[0], method, path, { token: deployment.users.user.token, ...options });
  const submit = async (body: object): Promise<string> =>
    ((await ask('POST', '/tasks', { body })).json as { task_id: string }).task_id;

  it('is told to its owner and to admins, as a body that submits it again', async () => {
    const { user, admin } = deployment.users;
    const body = { ...quick, metadata: { note: '<b>as it came</b>' } };
    const id = await submit(body);
    for (const { token } of [user, admin]) {
      const { status, json } = await ask('GET', `/tasks/${id}/input`, { token });
      expect([status, json]).toEqual([200, expect.objectContaining(body)]);
      expect((await ask('POST', '/tasks', { token, body: json as object })).status).toBe(202);
    }
    const { json } = await ask('GET', `/tasks/${await submit(quick)}/input`);
    expect(Object.keys(json as object)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(metadata|priority|timeout_seconds|max_attempts|run_at)$/)]),
    );
  });

  it('has what was asked for beside the input, but its time, which was for that task alone', async () => {
    const asked = { priority: -7, timeout_seconds: 17, max_attempts: 2 };
    const id = await submit({ ...quick, ...asked, run_at: new Date(Date.now() + 3_600_000).toISOString() });
    const { json } = await ask('GET', `/tasks/${id}/input`);
    expect(json).toMatchObject({ ...quick, ...asked });
    expect(json).not.toHaveProperty('run_at');
  });

  it('is for nobody else, and cannot be changed', async () => {
    const id = await submit(quick);
    const nobody = '01900000-0000-7000-8000-000000000000';
    expect((await ask('GET', `/tasks/${id}/input`, { token: deployment.users.other.token })).status).toBe(404);
    expect((await ask('GET', `/tasks/${nobody}/input`)).status).toBe(404);
    expect((await ask('GET', `/tasks/${id}/input`, { token: undefined })).status).toBe(401);
    const post = await ask('POST', `/tasks/${id}/input`, { body: quick });
    expect([post.status, post.headers.get('allow')]).toEqual([405, expect.stringContaining('GET')]);
  });
});

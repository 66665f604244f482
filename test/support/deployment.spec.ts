import { describeOnEachBackend } from './backends.js';
import { call, openStream, startDeployment, type Deployment } from './deployment.js';

describeOnEachBackend('a deployment', (backend) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await startDeployment({ backend, apis: 2, workers: 1 });
  });
  afterAll(() => (deployment as Deployment | undefined)?.stop());

  it('runs a job from submit to the end of its stream', async () => {
    const [first, second] = deployment.apis;
    const { token } = deployment.users.user;
    const body = { task_type: 'simulation', duration: 1, steps: 2 };
    const submitted = await call(first, 'POST', '/tasks', { token, body });
    expect(submitted.status).toBe(202);
    const path = `/tasks/${submitted.json.task_id}`;
    const statuses: string[] = [];
    for await (const { data } of openStream(`${second.url}${path}/stream?from=0`, { token }))
      statuses.push(data.status);
    expect(statuses[0]).toBe('PENDING');
    expect(statuses.at(-1)).toBe('SUCCESS');
    expect((await call(second, 'GET', path, { token })).json.status).toBe('SUCCESS');
  });

  it('ends an api with 0 on SIGTERM', async () => {
    const api = await deployment.startApi();
    await api.kill();
    expect(await api.exited).toBe(0);
  });
});

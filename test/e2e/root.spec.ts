import { call, startDeployment, type Deployment } from '../support/deployment.js';

describe('the bare address', () => {
  let deployment: Deployment;

  beforeAll(async () => {
    deployment = await startDeployment({ backend: 'postgres', apis: 1, workers: 0 });
  }, 60_000);
  afterAll(() => deployment.stop());

  it('leads people to the documentation', async () => {
    const answer = await call(deployment.apis[0], 'GET', '/');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs']);
    expect((await call(deployment.apis[0], 'GET', '/docs')).headers.get('content-type')).toContain('text/html');
  });
});

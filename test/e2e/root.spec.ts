import { call, startDeployment, type Deployment } from '../support/deployment.js';

describe('the bare address', () => {
  let deployment: Deployment;

  beforeAll(async () => {
    deployment = await startDeployment({ backend: 'postgres', apis: 1, workers: 0 });
  }, 60_000);
  afterAll(() => deployment.stop());

  const open = (path: string, accept: string) => call(deployment.apis[0], 'GET', path, { headers: { accept } });

  it.each([
    ['a browser to the console', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', '/console'],
    ['a program to the documentation', '*/*', '/docs'],
    ['a program that wants JSON to the documentation', 'application/json', '/docs'],
  ])('leads %s', async (_who, accept, location) => {
    const answer = await open('/', accept);
    expect([answer.status, answer.headers.get('location'), answer.headers.get('vary')]).toEqual([
      302,
      location,
      expect.stringContaining('accept'),
    ]);
    const there = await open(location, accept);
    expect([there.status, there.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });
});

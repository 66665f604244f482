import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { until } from '@longhaul/jobs/testing';
import { describeOnEachBackend } from '../support/backends.js';
import { builtApps } from '../support/built-apps.js';
import { call, startDeployment, type Deployment } from '../support/deployment.js';
import { freePort } from '../support/free-port.js';
import { scrape, valueOf } from '../support/scrape.js';

const run = promisify(execFile);

describeOnEachBackend('a built worker with WORKER_ONCE', (backend) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await startDeployment({ backend, workers: 0 });
  }, 60_000);
  afterAll(() => deployment.stop());

  it('runs one due task and ends with code 0, also when none is due', async () => {
    const { token } = deployment.users.user;
    const [api] = deployment.apis;
    const { json } = await call(api, 'POST', '/tasks', { token, body: { task_type: 'simulation', duration: 0 } });
    const { PATH, HOME } = process.env;
    // It has no health routes, even where the settings of its group name a port for them.
    const ports = { METRICS_PORT: String(await freePort()), WORKER_HEALTH_PORT: '1' };
    const once = () =>
      run(process.execPath, [builtApps.worker], {
        env: { PATH, HOME, ...deployment.env, ...ports, WORKER_ONCE: 'true' },
      });
    await once();
    expect((await call(api, 'GET', `/tasks/${json.task_id}`, { token })).json.status).toBe('SUCCESS');
    expect((await once()).stdout).toContain('Nothing is due');
    const { json: longer } = await call(api, 'POST', '/tasks', {
      token,
      body: { task_type: 'simulation', duration: 3 },
    });
    const working = once();
    const running = () => scrape(Number(ports.METRICS_PORT)).catch(() => []);
    await until(async () => valueOf(await running(), 'longhaul_worker_running_jobs', { kind: 'simulation' }) === 1);
    await working;
    expect((await call(api, 'GET', `/tasks/${longer.task_id}`, { token })).json.status).toBe('SUCCESS');
  });
});

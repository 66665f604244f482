import { metrics, type Metric } from '@longhaul/telemetry';
import { definitions } from '@longhaul/kinds';
import { call, openStream, startDeployment, type ApiProcess, type Deployment } from '../support/deployment.js';
import { freePort } from '../support/free-port.js';
import { scrape, valueOf } from '../support/scrape.js';

const catalogue: Readonly<Record<string, Metric>> = metrics;
const kind = 'simulation';

describe('/metrics', () => {
  let deployment: Deployment;
  let api: ApiProcess;
  let ports: { readonly api: number; readonly worker: number };

  beforeAll(async () => {
    ports = { api: await freePort(), worker: await freePort() };
    deployment = await startDeployment({ backend: 'postgres', apis: 0, workers: 0 });
    [api] = await Promise.all([
      deployment.startApi({ METRICS_PORT: String(ports.api) }),
      deployment.startWorker({ METRICS_PORT: String(ports.worker) }),
    ]);
  }, 60_000);
  afterAll(() => deployment.stop());

  const submit = (body: object, headers = { prefer: 'wait=20' }) =>
    call(api, 'POST', '/tasks', { token: deployment.users.user.token, body: { task_type: kind, ...body }, headers });

  it('has what rules on increases look at before anything happens', async () => {
    const samples = await scrape(ports.worker);
    for (const { name } of definitions) {
      for (const what of ['recoveries', 'quarantined', 'leases_lost']) {
        expect(valueOf(samples, `longhaul_${what}_total`, { kind: name })).toBe(0);
      }
      expect(valueOf(samples, 'longhaul_jobs_ended_total', { kind: name, status: 'FAILED' })).toBe(0);
    }
  });

  it('tells what became of tasks', async () => {
    await submit({ duration: 0 });
    await submit({ duration: 0 });
    await submit({ duration: 0, fail_probability: 1, max_attempts: 2 });
    const [ofApi, ofWorker] = [await scrape(ports.api), await scrape(ports.worker)];
    expect(valueOf(ofApi, 'longhaul_jobs_submitted_total', { kind })).toBe(3);
    expect(valueOf(ofApi, 'longhaul_failed_jobs', { kind })).toBe(1);
    expect(valueOf(ofWorker, 'longhaul_jobs_started_total', { kind })).toBe(3);
    expect(valueOf(ofWorker, 'longhaul_attempts_total', { kind, outcome: 'retry' })).toBe(1);
    expect(valueOf(ofWorker, 'longhaul_jobs_ended_total', { kind, status: 'SUCCESS' })).toBe(2);
    expect(valueOf(ofWorker, 'longhaul_jobs_ended_total', { kind, status: 'FAILED' })).toBe(1);
    expect(valueOf(ofWorker, 'longhaul_job_duration_seconds_count', { kind })).toBe(3);
    expect(valueOf(ofWorker, 'longhaul_dispatch_lag_seconds_count', { kind })).toBe(4);
    expect(valueOf(ofWorker, 'longhaul_job_wait_seconds_count', { kind })).toBe(3);
    for (const samples of [ofApi, ofWorker]) {
      expect(valueOf(samples, 'longhaul_dependency_up', { dependency: 'database' })).toBe(1);
      for (const pool of ['database', 'queue']) {
        expect(valueOf(samples, 'longhaul_database_connections', { pool })).toBeGreaterThan(0);
      }
      expect(valueOf(samples, 'longhaul_scrape_errors_total')).toBeUndefined();
    }
  });

  it('counts an event stream while it is open, and its request when it has begun', async () => {
    const { json } = await submit({ duration: 600 }, { prefer: 'respond-async' });
    const { token } = deployment.users.user;
    const stream = openStream(`${api.url}/tasks/${json.task_id}/stream`, { token });
    await stream.next();
    const open = await scrape(ports.api);
    expect(valueOf(open, 'longhaul_sse_clients')).toBe(1);
    const route = { route: '/tasks/:id/stream' };
    expect(valueOf(open, 'longhaul_http_requests_total', { ...route, status: '2xx' })).toBe(1);
    expect(valueOf(open, 'longhaul_http_request_duration_seconds_count', route)).toBe(1);
    await stream.return();
    await call(api, 'DELETE', `/tasks/${json.task_id}`, { token: deployment.users.admin.token });
    expect(valueOf(await scrape(ports.api), 'longhaul_jobs_ended_total', { status: 'CANCELLED' })).toBe(1);
  });

  it('takes no label from what clients send', async () => {
    const { token } = deployment.users.user;
    const word = () => Math.random().toString(36).slice(2);
    for (let round = 0; round < 40; round += 1) {
      await call(api, 'GET', `/${word()}/${word()}`, { token });
      await call(api, 'GET', `/tasks/${word()}`, { token });
      await call(api, 'REPORT', '/tasks', { token });
      await call(api, 'POST', '/tasks', { token, body: { task_type: word() } });
      await call(api, 'GET', `/tasks?task_type=${word()}`, { token, headers: { 'x-request-id': word() } });
    }
    const samples = await scrape(ports.api);
    const seriesOf = (name: string) => samples.filter((one) => one.name === name);
    expect(valueOf(samples, 'longhaul_http_requests_total', { route: 'unmatched', status: '4xx' })).toBeGreaterThan(39);
    expect(seriesOf('longhaul_http_requests_total').length).toBeLessThan(20);
    expect(valueOf(samples, 'longhaul_http_requests_total', { method: 'other' })).toBe(40);
    const known = ['other', ...definitions.map(({ name }) => name)];
    for (const { labels } of samples) expect(labels.kind === undefined || known.includes(labels.kind)).toBe(true);
    expect(samples.length).toBeLessThan(800);
  });

  it('names only what the catalogue has, with its labels', async () => {
    for (const { name, labels } of [...(await scrape(ports.api)), ...(await scrape(ports.worker))]) {
      const metric = catalogue[name] ?? catalogue[name.replace(/_(bucket|sum|count)$/, '')];
      expect({ name, labels: Object.keys(labels).filter((label) => label !== 'le') }).toEqual({
        name,
        labels: [...(metric?.labels ?? ['none'])],
      });
    }
  });

  it('is on its own port alone, and nothing else is there', async () => {
    expect((await call(api, 'GET', '/metrics', { token: deployment.users.admin.token })).status).toBe(404);
    const other = `http://127.0.0.1:${ports.api}`;
    expect((await call(other, 'GET', '/tasks')).status).toBe(404);
    expect((await call(other, 'POST', '/metrics')).status).toBe(405);
  });

  it('counts what waits for a paused kind apart from what waits for a worker', async () => {
    const { token } = deployment.users.admin;
    const paused = await call(api, 'POST', `/admin/kinds/${kind}/pause`, { token, body: { reason: 'For the test.' } });
    expect(paused.status).toBe(200);
    await submit({ duration: 0 }, { prefer: 'respond-async' });
    // Numbers of the queue are kept for ten seconds; an api that has just started has none yet.
    const port = await freePort();
    const fresh = await deployment.startApi({ METRICS_PORT: String(port) });
    const samples = await scrape(port);
    const states = ['scheduled', 'due', 'paused', 'running'];
    expect(states.map((state) => valueOf(samples, 'longhaul_queue_jobs', { kind, state }))).toEqual([0, 0, 1, 0]);
    await fresh.kill('SIGTERM');
    expect((await call(api, 'POST', `/admin/kinds/${kind}/resume`, { token })).status).toBe(200);
  });

  it('says which port is taken when a process cannot start', async () => {
    await expect(deployment.startApi({ METRICS_PORT: String(ports.api) })).rejects.toThrow(/set METRICS_PORT/);
  });
});

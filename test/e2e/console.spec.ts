import { describeOnEachBackend } from '../support/backends.js';
import { call, startDeployment, type CallOptions, type Deployment } from '../support/deployment.js';

const quick = { task_type: 'simulation', duration: 0, steps: 1 };
const slow = { task_type: 'simulation', duration: 60, steps: 60 };

/** What the console asks for, of two apis and a worker. */
describeOnEachBackend('for the console', (backend) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await startDeployment({ backend, apis: 2, workers: 1 });
  }, 60_000);
  afterAll(() => deployment.stop());

  const ask = (api: 0 | 1, method: string, path: string, options: CallOptions = {}) =>
    call(deployment.apis[api], method, path, { token: deployment.users.admin.token, ...options });
  const submit = async (body: object) => (await ask(1, 'POST', '/tasks', { body })).json.task_id as string;
  const untilIs = async (id: string, status: string) => {
    for (;;) {
      const { json } = await ask(0, 'GET', `/tasks/${id}`, { headers: { prefer: 'wait=5' } });
      if (json.status === status) return;
      expect(['PENDING', 'RUNNING']).toContain(json.status);
    }
  };

  it('a session that one api opens goes on at the other', async () => {
    const { username, password } = deployment.users.editor;
    const opened = await call(deployment.apis[0], 'POST', '/console/session', { body: { username, password } });
    const [cookie] = (opened.headers.get('set-cookie') ?? '').split(';', 1);
    const refreshed = await call(deployment.apis[1], 'POST', '/console/session/refresh', { headers: { cookie } });
    expect(refreshed).toMatchObject({ status: 200, json: { user: { username, roles: ['editor'] } } });
    const me = await call(deployment.apis[0], 'GET', '/auth/me', { token: refreshed.json.access_token as string });
    expect(me.json).toMatchObject({ username });
  });

  it('a paused type waits for whichever worker, another one goes on, and its backlog starts when it is resumed', async () => {
    const running = await submit(slow);
    await untilIs(running, 'RUNNING');
    const paused = await ask(0, 'POST', '/admin/kinds/simulation/pause', { body: { reason: 'For the test.' } });
    expect(paused).toMatchObject({
      status: 200,
      json: { paused: true, paused_by_name: deployment.users.admin.username },
    });
    const waiting = await Promise.all([submit(quick), submit(quick)]);
    const scrape = await submit({ task_type: 'web_scrape', url: 'https://example.com/', max_attempts: 1 });
    // Its end, whatever it is, tells that the worker takes what it may.
    for (let status = ''; !['SUCCESS', 'FAILED'].includes(status);)
      ({ status } = (await ask(0, 'GET', `/tasks/${scrape}`, { headers: { prefer: 'wait=5' } })).json);
    const counts = await ask(1, 'GET', '/tasks/counts?task_type=simulation');
    expect(counts.json).toEqual({
      counts: { PENDING: 2, RUNNING: 1, SUCCESS: 0, FAILED: 0, CANCELLED: 0 },
      capped: false,
    });

    const { json: overview } = await ask(1, 'GET', '/admin/overview?window=1h');
    const simulation = overview.kinds.find(({ task_type: kind }: { task_type: string }) => kind === 'simulation');
    expect(simulation).toMatchObject({ paused: true, paused_reason: 'For the test.', pending: 2, running: 1 });
    expect(simulation.buckets.reduce((sum: number, { submitted }: { submitted: number }) => sum + submitted, 0)).toBe(
      3,
    );
    expect(overview.workers).toHaveLength(1);
    expect(overview.workers[0].running).toEqual([
      { task_id: running, task_type: 'simulation', attempt: 1, started_at: expect.stringMatching(/Z$/) },
    ]);

    await ask(1, 'POST', '/admin/kinds/simulation/resume');
    await Promise.all(waiting.map((id) => untilIs(id, 'SUCCESS')));
    const { json } = await ask(0, 'POST', '/tasks/bulk', {
      body: { action: 'cancel', task_ids: [waiting[0], running] },
    });
    expect(json.results).toMatchObject([
      { ok: false, problem: { code: 'task_ended' } },
      { ok: true, status: 'CANCELLED' },
    ]);
  }, 60_000);
});

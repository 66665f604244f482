import { setTimeout as pause } from 'node:timers/promises';
import { call, openStream, startDeployment, type Deployment } from '../support/deployment.js';

/** What an admin does about tasks that failed, from the built apps' outside. */
describe('failed tasks', () => {
  let deployment: Deployment;

  beforeAll(async () => {
    deployment = await startDeployment({ backend: 'postgres' });
  }, 60_000);
  afterAll(() => (deployment as Deployment | undefined)?.stop());

  const ask = (method: string, path: string, body?: object, who: 'admin' | 'user' = 'admin') =>
    call(deployment.apis[0], method, path, { token: deployment.users[who].token, body });

  /** Waits for the end of a task. */
  async function ended(id: string): Promise<{ status: string }> {
    for (;;) {
      const { json } = await ask('GET', `/tasks/${id}`);
      if (json.completed_at !== null) return json;
      await call(deployment.apis[0], 'GET', `/tasks/${id}`, {
        token: deployment.users.admin.token,
        headers: { prefer: 'wait=10' },
      });
    }
  }

  async function failedTask(): Promise<string> {
    const body = { task_type: 'simulation', duration: 0, steps: 50, fail_probability: 1, max_attempts: 1 };
    const { json } = await ask('POST', '/tasks', body, 'user');
    expect(await ended(json.task_id)).toMatchObject({ status: 'FAILED' });
    return json.task_id;
  }

  const eventsOf = async (id: string) => (await ask('GET', `/tasks/${id}/events`)).json as Record<string, unknown>[];
  /** What a deploy of a better handler would do. */
  const mendTheCause = () => deployment.sql(`UPDATE jobs SET input = input || '{"fail_probability": 0}'`);

  it('are grouped by cause, tried with a canary, retried together, and discarded', async () => {
    const ids = [await failedTask(), await failedTask(), await failedTask(), await failedTask()];
    const [group, ...others] = (await ask('GET', '/admin/failed')).json;
    expect(others).toEqual([]);
    expect(group).toMatchObject({
      task_type: 'simulation',
      code: 'simulated_failure',
      count: 4,
      sample_task_id: ids[3],
    });
    const path = `/admin/failed/${group.fingerprint as string}`;
    const admin = deployment.users.admin.id;

    // A first canary shows that the cause is still there.
    const first = await ask('POST', `${path}/retry`, { mode: 'canary' });
    expect(first).toMatchObject({ status: 202, json: { changed: 1, canary: { task_id: ids[3] } } });
    expect(await ended(ids[3])).toMatchObject({ status: 'FAILED' });
    const refused = await ask('POST', `${path}/retry`, { mode: 'all' });
    expect(refused).toMatchObject({ status: 409, json: { code: 'canary_failed' } });

    // One is given up: its stream ends with that, and then for good.
    expect(await ask('POST', `/tasks/${ids[3]}/discard`, { reason: 'Not needed any more.' })).toMatchObject({
      status: 200,
      json: { status: 'FAILED' },
    });
    expect(await ask('GET', `/tasks/${ids[3]}/input`)).toMatchObject({ status: 200, json: { fail_probability: 1 } });
    const types: unknown[] = [];
    const url = `${deployment.apis[0].url}/tasks/${ids[3]}/stream?from=0`;
    for await (const { data } of openStream(url, { token: deployment.users.admin.token })) types.push(data.type);
    expect(types.slice(-2)).toEqual(['failed', 'discarded']);
    const decisions = (await eventsOf(ids[3])).filter(({ type }) => type === 'requeued' || type === 'discarded');
    expect(decisions).toMatchObject([
      { type: 'requeued', actor: admin },
      { type: 'discarded', actor: admin, message: 'Not needed any more.' },
    ]);

    // A second one ends well, and lets the others go.
    await mendTheCause();
    const second = await ask('POST', `${path}/retry`, { mode: 'canary' });
    expect(second.json).toMatchObject({ changed: 1, remaining: 2, canary: { task_id: ids[2] } });
    expect(await ended(ids[2])).toMatchObject({ status: 'SUCCESS' });
    expect((await ask('GET', path)).json).toMatchObject({ count: 2, canary: { task_id: ids[2], status: 'SUCCESS' } });
    const rest = await ask('POST', `${path}/retry`, { mode: 'all' });
    expect(rest).toMatchObject({ status: 202, json: { changed: 2, remaining: 0 } });
    for (const id of ids.slice(0, 2)) {
      expect(await ended(id)).toMatchObject({ status: 'SUCCESS' });
      expect((await eventsOf(id)).find(({ type }) => type === 'requeued')).toMatchObject({ actor: admin });
    }
    expect((await ask('GET', '/admin/failed')).json).toEqual([]);
    expect((await ask('GET', path)).status).toBe(404);
  }, 60_000);

  it('show in the signals of the api and in the log of the worker', async () => {
    await Promise.all([failedTask(), failedTask(), failedTask()]);
    const { json } = await ask('GET', '/admin/signals');
    expect(json.alerts).toMatchObject([{ signal: 'failed_rate', task_type: 'simulation' }]);
    // Whoever starts alone takes the lease and writes at once.
    await deployment.workers[0].kill('SIGTERM');
    await deployment.workers[0].exited;
    const worker = await deployment.startWorker();
    const lines = () =>
      worker
        .logs()
        .split('\n')
        .filter((line) => line.includes('"Queue signals"'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const end = Date.now() + 20_000; lines().length < 2 && Date.now() < end;) await pause(50);
    expect(lines()).toContainEqual(
      expect.objectContaining({ level: 'warn', task_type: 'simulation', pending: 0, alerts: ['failed_rate'] }),
    );
    expect(lines()).toContainEqual(expect.objectContaining({ level: 'info', task_type: 'web_scrape', alerts: [] }));
  }, 60_000);
});

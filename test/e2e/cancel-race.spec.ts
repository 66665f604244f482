import { describeOnEachBackend } from '../support/backends.js';
import { call, startDeployment, type Deployment } from '../support/deployment.js';

describeOnEachBackend('cancel racing completion', (backend) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await startDeployment({ backend, apis: 2, workers: 2 });
  });
  afterAll(() => (deployment as Deployment | undefined)?.stop());

  it('state-04: of 500 tasks each has exactly one end, and CANCELLED never becomes SUCCESS', async () => {
    const { user, admin } = deployment.users;
    const body = Array.from({ length: 500 }, () => ({ task_type: 'simulation', duration: 0, steps: 1 }));
    const { json } = await call(deployment.apis[0], 'POST', '/tasks/batch', { token: user.token, body });
    const ids: string[] = json.map((task: { task_id: string }) => task.task_id);
    // Another api, from the last to the first: somewhere they meet the workers.
    const cancelled: string[] = [];
    const queue = [...ids];
    const cancel = async () => {
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
        const { status } = await call(deployment.apis[1], 'DELETE', `/tasks/${id}`, { token: admin.token });
        expect([204, 409]).toContain(status);
        if (status === 204) cancelled.push(id);
      }
    };
    await Promise.all(Array.from({ length: 16 }, cancel));
    const rows = await deployment.sql(
      `SELECT status, array_agg(type ORDER BY seq) FILTER (WHERE type IN ('succeeded', 'failed', 'cancelled')) AS ends,
              (array_agg(type ORDER BY seq DESC))[1] AS last, job_id AS id
       FROM job_events JOIN jobs ON id = job_id GROUP BY job_id, status`,
    );
    expect(rows).toHaveLength(500);
    const ends = { SUCCESS: ['succeeded'], CANCELLED: ['cancelled'] };
    for (const row of rows) expect([row.ends, row.last]).toEqual([ends[row.status as keyof typeof ends], row.ends[0]]);
    expect(
      rows
        .filter(({ status }) => status === 'CANCELLED')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(cancelled.sort());
  }, 60_000);
});

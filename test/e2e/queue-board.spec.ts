import { appRoutes } from '@bull-board/api/dist/routes.js';
import { until } from '@longhaul/jobs/testing';
import { describeOnEachBackend } from '../support/backends.js';
import { call, startDeployment, type Answer, type Deployment } from '../support/deployment.js';

describeOnEachBackend('the queue board', (backend) => {
  let deployment: Deployment;
  const get = (path: string, options: Parameters<typeof call>[3] = {}) =>
    call(deployment.apis[0], 'GET', path, options);
  const paths = [
    '/admin/queues',
    '/admin/queues/',
    '/admin/queues/api/queues',
    '/admin/queues/api/queues?page=1',
    '/admin/queues/queue/simulation',
    '/admin/queues/static/js/main.js',
    '/%61dmin/queues/api/queues',
    '/admin/%71ueues/api/queues',
    '/admin/queues/%61pi/queues',
    '/admin/queues/x/../api/queues',
  ];
  /** Not even the board's: nothing is there for anybody. */
  const nowhere = [
    '/admin%2Fqueues/api/queues',
    '//admin/queues/api/queues',
    '/admin//queues/api/queues',
    '/ADMIN/QUEUES',
  ];

  beforeAll(async () => {
    deployment = await startDeployment({ backend, workers: 0 });
  }, 60_000);
  afterAll(() => deployment.stop());

  // First: of a flood of refusals only so many are written.
  it('leaves a line in the log about whom it refused', async () => {
    await get(paths[2], { token: deployment.users.user.token, headers: { 'x-request-id': 'board-refused' } });
    const lineOf = () =>
      deployment.apis[0]
        .logs()
        .split('\n')
        .find((one) => one.includes('"board-refused"'));
    await until(() => Promise.resolve(lineOf() !== undefined));
    expect(JSON.parse(lineOf() ?? '{}')).toMatchObject({
      ...{ event: 'request_refused', status: 403, path: paths[2], client: '127.0.0.1' },
    });
  });

  it.each(paths)('is shut to everybody but admins: %s', async (path) => {
    const { user, editor } = deployment.users;
    expect((await get(path)).status).toBe(401);
    expect((await get(path, { token: 'nonsense' })).status).toBe(401);
    expect((await get(path, { headers: { cookie: `longhaul_board=${'a'.repeat(43)}` } })).status).toBe(401);
    for (const { token } of [user, editor]) expect((await get(path, { token })).status).toBe(403);
  });

  it.each(nowhere)('is at no other path: %s', async (path) => {
    expect([401, 404]).toContain((await get(path)).status);
    expect((await get(path, { token: deployment.users.admin.token })).status).toBe(404);
  });

  it('shows admins the doorbells of every kind', async () => {
    const { user, admin } = deployment.users;
    await call(deployment.apis[0], 'POST', '/tasks', { token: user.token, body: { task_type: 'simulation' } });
    const look = () => get('/admin/queues/api/queues', { token: admin.token });
    const simulationIn = ({ json }: Answer) =>
      json.queues.find(({ name }: { name: string }) => name === 'simulation') as { counts: { waiting: number } };
    // It rings after the 202.
    await until(async () => simulationIn(await look()).counts.waiting === 1);
    const answer = await look();
    expect(answer.status).toBe(200);
    expect(simulationIn(answer)).toMatchObject({ readOnlyMode: true });
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const page = await get('/admin/queues/', { token: admin.token });
    expect(page.text).toContain('Longhaul: doorbells');
    const [script] = /static\/js\/main\.\w+\.js/.exec(page.text) ?? [];
    expect((await get(`/admin/queues/${script}`, { token: admin.token })).headers.get('content-type')).toContain(
      'javascript',
    );
  });

  it('asks for its parts below the path of PUBLIC_URL', async () => {
    const api = await deployment.startApi({ PUBLIC_URL: 'http://localhost/base' });
    const { text } = await call(api, 'GET', '/admin/queues/', { token: deployment.users.admin.token });
    expect(text).toContain('<base href="/base/admin/queues/" />');
  });

  /** Every request of the board that changes something, for a doorbell that waits. */
  const changes = appRoutes.api.flatMap(({ method, route }) =>
    [method]
      .flat()
      .filter((one) => one !== 'get')
      .flatMap((one) => [route].flat().map((path) => ({ method: one.toUpperCase() as 'PUT', path }))),
  );

  it.each(changes)('is read-only: $method $path', async ({ method, path }) => {
    const { token } = deployment.users.admin;
    const look = async () => (await get('/admin/queues/api/queues?activeQueue=simulation', { token })).json.queues;
    const before = await look();
    const [{ id }] = before.find(({ name }: { name: string }) => name === 'simulation').jobs;
    const params: Record<string, string> = { queueName: 'simulation', queueStatus: 'waiting', jobId: id };
    const url = `/admin/queues${path.replace(/:(\w+)/g, (_all, name: string) => params[name] ?? 'some')}`;
    expect(url).not.toContain(':');
    const added = { name: 'made', data: {}, options: {}, jobData: {} };
    const later = { runAt: Date.now() + 1_000_000, priority: 1, every: 60_000 };
    const body = { ...added, ...later, concurrency: 7, max: 1, duration: 1_000 };
    const { status } = await call(deployment.apis[0], method, url, { token, body });
    // Those for all queues leave out read-only ones, which are all.
    if (path.includes(':queueName')) expect([403, 405]).toContain(status);
    expect(await look()).toEqual(before);
  });

  it('lets its own pages and programs change something where that is enabled, and no page of others', async () => {
    const api = await deployment.startApi({ QUEUE_BOARD: 'write' });
    const { user, admin } = deployment.users;
    const { host, origin } = new URL(api.url);
    const put = (verb: string, headers: Record<string, string>, { token } = admin) =>
      call(api, 'PUT', `/admin/queues/api/queues/simulation/${verb}`, { token, headers, body: {} });
    const isPaused = async () => {
      const { json } = await call(api, 'GET', '/admin/queues/api/queues', { token: admin.token });
      return json.queues.find(({ name }: { name: string }) => name === 'simulation').isPaused as boolean;
    };
    for (const headers of [
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://other.example' },
      { origin: `https://other.${host}` },
      { origin: 'null' },
    ] as Record<string, string>[]) {
      expect([headers, (await put('pause', headers)).status]).toEqual([headers, 403]);
    }
    expect((await put('pause', {}, user)).status).toBe(403);
    expect(await isPaused()).toBe(false);
    expect((await put('pause', { 'sec-fetch-site': 'same-origin', origin })).status).toBe(200);
    expect(await isPaused()).toBe(true);
    expect((await put('resume', {})).status).toBe(200);
    expect(await isPaused()).toBe(false);
  });

  it('is not there when it is off', async () => {
    const api = await deployment.startApi({ QUEUE_BOARD: 'off' });
    for (const path of paths) {
      expect([path, (await call(api, 'GET', path, { token: deployment.users.admin.token })).status]).toEqual([
        path,
        404,
      ]);
    }
  });

  it('lets a browser in by a ticket, once, and then by a cookie of its path', async () => {
    const { user, admin } = deployment.users;
    const issue = (token: string) => call(deployment.apis[0], 'POST', '/admin/queue-tickets', { token });
    expect((await issue(user.token)).status).toBe(403);
    const { json } = await issue(admin.token);
    const entered = await get(json.link);
    expect(entered.status).toBe(200);
    const cookie = entered.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/; Path=\/admin\/queues; .*HttpOnly; SameSite=Strict/);
    expect((await get('/admin/queues/api/queues', { headers: { cookie: cookie.split(';')[0] } })).status).toBe(200);
    expect((await get(json.link)).status).toBe(401);
    // The cookie is good for the board alone.
    expect((await get('/tasks', { headers: { cookie: cookie.split(';')[0] } })).status).toBe(401);
  });
});

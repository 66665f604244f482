import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { describeOnEachBackend } from '../support/backends.js';
import { call, openStream, startDeployment, type ApiProcess, type Deployment } from '../support/deployment.js';

/** The promises that a client relies on, against two apis and two workers that die at bad moments. */
describeOnEachBackend('a deployment', (backend) => {
  let deployment: Deployment;
  let token: string;
  let admin: string;

  beforeAll(async () => {
    deployment = await startDeployment({ backend, apis: 2, workers: 2 });
    token = deployment.users.user.token;
    admin = deployment.users.admin.token;
  }, 60_000);
  afterAll(() => deployment.stop());

  const api = (index: number): ApiProcess => deployment.apis.filter((one) => !gone.has(one))[index];
  const gone = new Set<unknown>();

  async function submit(body: object, headers: Record<string, string> = {}, at = 0): Promise<string> {
    const answer = await call(api(at), 'POST', '/tasks', { token, body, headers });
    if (answer.status !== 202) throw new Error(`${answer.status}: ${answer.text}`);
    return (answer.json as { task_id: string }).task_id;
  }

  async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean, timeoutMs = 30_000): Promise<T> {
    for (const end = Date.now() + timeoutMs; ; await pause(50)) {
      const value = await read();
      if (holds(value)) return value;
      if (Date.now() > end) throw new Error(`it did not come to hold: ${JSON.stringify(value).slice(0, 500)}`);
    }
  }

  interface Task {
    readonly status: string;
    readonly result_payload: { readonly resumed_at: number } | null;
  }
  const task = async (id: string): Promise<Task> => (await call(api(0), 'GET', `/tasks/${id}`, { token })).json as Task;
  const hasEnded = ({ status }: { status: string }) => ['SUCCESS', 'FAILED', 'CANCELLED'].includes(status);
  const end = (id: string) => until(() => task(id), hasEnded);

  it('a client that reconnects through another api sees every event once', async () => {
    const id = await submit({ task_type: 'simulation', duration: 4, steps: 40 });
    const seqs: number[] = [];
    let last: string | undefined;
    for (let turn = 0; ; turn += 1) {
      const from = last === undefined ? '?from=0' : '';
      const url = `${api(turn % 2).url}/tasks/${id}/stream${from}`;
      let taken = 0;
      for await (const message of openStream(url, { token, ...(last !== undefined && { lastEventId: last }) })) {
        last = message.id;
        seqs.push(message.data.seq as number);
        taken += 1;
        if (taken === 1 + (turn % 3)) break;
      }
      if (taken === 0) break;
    }
    const { rows } = {
      rows: await deployment.sql<{ seq: number }>('SELECT seq FROM job_events WHERE job_id = $1 ORDER BY seq', [id]),
    };
    expect(seqs).toEqual(rows.map(({ seq }) => seq));
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  it('the same idempotency key twice makes one job', async () => {
    const body = { task_type: 'simulation', duration: 0, steps: 1 };
    const headers = { 'idempotency-key': '"one-and-only"' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => call(api(index % 2), 'POST', '/tasks', { token, body, headers })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
    expect(new Set(answers.map(({ json }) => (json as { task_id: string }).task_id)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(9);
    const other = { ...body, duration: 1 };
    expect((await call(api(0), 'POST', '/tasks', { token, body: other, headers })).status).toBe(422);
  });

  it('a cancelled CPU job stops its thread at once', async () => {
    const id = await submit({ task_type: 'simulation', duration: 60, steps: 1, cpu: true });
    await until(
      () => task(id),
      ({ status }: { status: string }) => status === 'RUNNING',
    );
    const busy = () => cpuSeconds(deployment.workers.map(({ pid }) => pid));
    await until(
      () => Promise.resolve(busy()),
      (
        (before) => (now: number) =>
          now > before + 0.3
      )(busy()),
    );
    expect((await call(api(1), 'DELETE', `/tasks/${id}`, { token })).status).toBe(403);
    expect((await call(api(1), 'DELETE', `/tasks/${id}`, { token: admin })).status).toBe(204);
    expect(await task(id)).toMatchObject({ status: 'CANCELLED' });
    // The workers come to rest: half a second in which they use less than a fifth of one core.
    await until(
      async () => {
        const before = busy();
        await pause(500);
        return busy() - before;
      },
      (used) => used < 0.1,
    );
  });

  it('an accepted task survives kill -9 of the api', async () => {
    const doomed = await deployment.startApi();
    const accepted: string[] = [];
    const clients = Array.from({ length: 8 }, async () => {
      for (;;) {
        try {
          const body = { task_type: 'simulation', duration: 0, steps: 1 };
          const answer = await call(doomed, 'POST', '/tasks', { token, body });
          if (answer.status === 202) accepted.push((answer.json as { task_id: string }).task_id);
        } catch {
          return;
        }
      }
    });
    await until(
      () => Promise.resolve(accepted.length),
      (count) => count >= 50,
    );
    gone.add(doomed);
    await doomed.kill('SIGKILL');
    await Promise.all(clients);
    for (const id of accepted) expect(await end(id)).toMatchObject({ status: 'SUCCESS' });
  });

  it('a task survives kill -9 of its worker, and goes on from its checkpoint', async () => {
    const id = await submit({ task_type: 'simulation', duration: 6, steps: 60, max_attempts: 1 });
    const [row] = await until(
      () =>
        deployment.sql<{ worker_id: string; done: number | null }>(
          `SELECT worker_id, (checkpoint ->> 'done')::int AS done FROM jobs WHERE id = $1`,
          [id],
        ),
      ([found]) => (found?.done ?? 0) > 0,
    );
    const pid = Number(row?.worker_id.split(':')[1]);
    await deployment.workers.find((worker) => worker.pid === pid)?.kill('SIGKILL');
    const done = await end(id);
    expect(done).toMatchObject({ status: 'SUCCESS', retry_count: 0 });
    expect(done.result_payload?.resumed_at).toBeGreaterThan(0);
    // Whatever it did to its worker, it now runs alone: in a process that is none of the workers.
    const [{ worker_id: last } = { worker_id: '' }] = await deployment.sql<{ worker_id: string }>(
      'SELECT worker_id FROM jobs WHERE id = $1',
      [id],
    );
    expect(deployment.workers.map((worker) => worker.pid)).not.toContain(Number(last.split(':')[1]));
    await deployment.startWorker();
  });

  it('a rolling restart of the workers hands long jobs over and uses up no attempt', async () => {
    const ids = await Promise.all(
      Array.from({ length: 4 }, () => submit({ task_type: 'simulation', duration: 8, steps: 80, max_attempts: 1 })),
    );
    for (const id of ids)
      await until(
        () => task(id),
        ({ status }: { status: string }) => status === 'RUNNING',
      );
    for (const worker of [...deployment.workers].filter((one) => !one.logs().includes('draining'))) {
      await deployment.startWorker();
      await worker.kill('SIGTERM');
      if ((await worker.exited) !== 'SIGKILL') expect(await worker.exited).toBe(0);
    }
    for (const id of ids) expect(await end(id)).toMatchObject({ status: 'SUCCESS', retry_count: 0 });
  });

  it('an api that is stopped ends its streams and exits with 0', async () => {
    const stopped = await deployment.startApi();
    const id = await submit({ task_type: 'simulation', duration: 20, steps: 20 });
    const messages: unknown[] = [];
    const reading = (async () => {
      for await (const message of openStream(`${stopped.url}/tasks/${id}/stream`, { token })) messages.push(message);
    })();
    await until(
      () => Promise.resolve(messages.length),
      (count) => count > 0,
    );
    gone.add(stopped);
    await stopped.kill('SIGTERM');
    await reading;
    expect(await stopped.exited).toBe(0);
    expect((await call(api(0), 'DELETE', `/tasks/${id}`, { token: admin })).status).toBe(204);
  });

  it('an api that is stopped waits a few seconds at most for clients that do not read, and exits with 0', async () => {
    const stopped = await deployment.startApi();
    const id = await submit({ task_type: 'simulation', duration: 0, steps: 1 });
    await end(id);
    // More than the kernel takes for a client that does not read.
    await deployment.sql(`UPDATE jobs SET result = jsonb_build_object('text', repeat('x', 14000000)) WHERE id = $1`, [
      id,
    ]);
    const unread = request(`${stopped.url}/tasks/${id}/stream`, {
      headers: { authorization: `Bearer ${token}` },
    }).end();
    const broken = once(unread, 'close');
    unread.on('error', () => undefined);
    const [response] = (await once(unread, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    expect(response.statusCode).toBe(200);
    gone.add(stopped);
    const from = Date.now();
    await stopped.kill('SIGTERM');
    expect([await stopped.exited, Date.now() - from < 8_000]).toEqual([0, true]);
    unread.destroy();
    await broken;
  });
});

/** CPU time that processes have used, in seconds; of those that are gone, none. */
function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
}

function cpuSecondsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // utime and stime, in ticks of 10 ms.
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

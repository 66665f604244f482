import { setTimeout as pause } from 'node:timers/promises';
import { describeOnEachBackend } from '../support/backends.js';
import {
  call,
  openStream,
  startDeployment,
  StreamRefused,
  type Answer,
  type CallOptions,
  type Deployment,
  type StreamMessage,
} from '../support/deployment.js';

const quick = { task_type: 'simulation', duration: 0, steps: 1 };
const slow = { task_type: 'simulation', duration: 30, steps: 30 };

/** The sentences of the HTTP contract, one by one, against two apis and a worker. */
describeOnEachBackend('the HTTP contract', (backend) => {
  let deployment: Deployment;
  let tokens: Record<'user' | 'other' | 'admin', string>;

  beforeAll(async () => {
    deployment = await startDeployment({
      backend,
      apis: 2,
      workers: 1,
      env: { PUBLIC_URL: 'https://tasks.example.org' },
    });
    const { user, other, admin } = deployment.users;
    tokens = { user: user.token, other: other.token, admin: admin.token };
  }, 60_000);
  afterAll(() => deployment.stop());

  const ask = (method: string, path: string, options: CallOptions & { api?: number } = {}): Promise<Answer> =>
    call(deployment.apis[options.api ?? 0], method, path, { token: tokens.user, ...options });

  async function submit(body: object = quick, headers: Record<string, string> = {}): Promise<string> {
    const answer = await ask('POST', '/tasks', { body, headers });
    expect(answer.status).toBe(202);
    return answer.json.task_id as string;
  }

  async function finished(id: string): Promise<Answer> {
    for (;;) {
      const answer = await ask('GET', `/tasks/${id}`, { headers: { prefer: 'wait=10' } });
      if (['SUCCESS', 'FAILED', 'CANCELLED'].includes(answer.json.status as string)) return answer;
    }
  }

  async function read(path: string, options: Parameters<typeof openStream>[1] = {}): Promise<StreamMessage[]> {
    const messages: StreamMessage[] = [];
    for await (const message of openStream(deployment.apis[1].url + path, { token: tokens.user, ...options })) {
      messages.push(message);
    }
    return messages;
  }

  async function refusal(path: string, options: Parameters<typeof openStream>[1] = {}): Promise<number> {
    try {
      await read(path, options);
      return 200;
    } catch (error) {
      if (error instanceof StreamRefused) return error.status;
      throw error;
    }
  }

  describe('submit', () => {
    it('answers 202 with where the task is, by the configured public address', async () => {
      const answer = await ask('POST', '/tasks', {
        body: { ...quick, metadata: { a: 1 } },
        headers: { host: 'evil.example' },
      });
      const { task_id: id } = answer.json as { task_id: string };
      expect(answer.status).toBe(202);
      expect(answer.headers.get('location')).toBe(`/tasks/${id}`);
      expect(answer.headers.get('operation-location')).toBe(`https://tasks.example.org/tasks/${id}`);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.headers.get('etag')).toMatch(/^"1(-\d+-\d*)?"$/);
      expect(Object.keys(answer.json as object).sort()).toEqual(
        [
          'task_id task_type status progress result_payload error metadata created_at started_at completed_at run_at',
          'queue retry_count max_attempts owner_id logs links trace_id',
        ]
          .join(' ')
          .split(' ')
          .sort(),
      );
      expect(answer.json).toMatchObject({
        task_type: 'simulation',
        status: 'PENDING',
        metadata: { a: 1 },
        retry_count: 0,
      });
    });

    it('with Prefer: wait answers with the task ended', async () => {
      const answer = await ask('POST', '/tasks', { body: quick, headers: { prefer: 'respond-async, wait=20' } });
      expect(answer.status).toBe(202);
      expect(answer.headers.get('preference-applied')).toContain('wait=20');
      expect(answer.json).toMatchObject({ status: 'SUCCESS', result_payload: { steps: 1 } });
    });

    it('with a used idempotency key answers with the same task, or 422 for another body', async () => {
      const headers = { 'idempotency-key': 'order-7' };
      const id = await submit({ ...quick, metadata: { x: 1, y: 2 } }, headers);
      const again = await ask('POST', '/tasks', { api: 1, body: { metadata: { y: 2, x: 1 }, ...quick }, headers });
      expect([again.status, again.json.task_id, again.headers.get('idempotency-replayed')]).toEqual([202, id, 'true']);
      expect((await ask('POST', '/tasks', { body: slow, headers })).status).toBe(422);
      expect((await ask('POST', '/tasks', { token: tokens.other, body: slow, headers })).status).toBe(202);
    });

    it.each([
      ['no JSON', '{', 400],
      ['no object', '[]', 422],
      ['an unknown kind', { task_type: 'constructor' }, 422],
      ['an unknown field', { ...quick, fence: 9 }, 422],
      ['a value of another type', { ...quick, duration: 1.5 }, 422],
      ['a NUL character', { ...quick, metadata: { a: 'x\u0000' } }, 422],
      ['too much', { ...quick, metadata: { a: 'x'.repeat(1_100_000) } }, 413],
    ])('refuses %s and makes nothing', async (_what, body, status) => {
      const before = await deployment.sql('SELECT count(*) FROM jobs');
      const answer = await ask('POST', '/tasks', { body });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(Object.keys(answer.json as object)).toEqual(
        expect.arrayContaining(['type', 'title', 'status', 'detail', 'instance', 'code', 'request_id', 'trace_id']),
      );
      expect(await deployment.sql('SELECT count(*) FROM jobs')).toEqual(before);
    });

    it('points at each bad field', async () => {
      const answer = await ask('POST', '/tasks', { body: { ...quick, duration: 'x', steps: 0, nope: 1 } });
      const pointers = (answer.json.errors as { pointer: string }[]).map(({ pointer }) => pointer);
      expect(new Set(pointers)).toEqual(new Set(['/duration', '/steps', '/nope']));
    });

    it('takes a batch item by item', async () => {
      const body = [quick, { task_type: 'nope' }, { ...quick, metadata: { n: 3 } }];
      const answer = await ask('POST', '/tasks/batch', { body, headers: { 'idempotency-key': 'batch-1' } });
      expect(answer.status).toBe(200);
      expect((answer.json as { status: unknown }[]).map(({ status }) => status)).toEqual(['PENDING', 422, 'PENDING']);
      const again = await ask('POST', '/tasks/batch', { body, headers: { 'idempotency-key': 'batch-1' } });
      expect(again.json[0].task_id).toBe(answer.json[0].task_id);
    });
  });

  describe('read', () => {
    it('answers with ETag, and 304 while nothing has changed', async () => {
      const { json, headers } = await finished(await submit());
      expect(headers.get('retry-after')).toBeNull();
      const etag = headers.get('etag') ?? '';
      expect(etag).toMatch(/^"\d+"$/);
      const path = `/tasks/${json.task_id as string}`;
      for (const tags of [etag, `"x", W/${etag}`, '*']) {
        expect((await ask('GET', path, { api: 1, headers: { 'if-none-match': tags } })).status).toBe(304);
      }
      expect((await ask('GET', path, { headers: { 'if-none-match': '"1"' } })).status).toBe(200);
    });

    it('says where a waiting task stands in line', async () => {
      // More than the worker runs at once, so that some have to wait.
      const ids = await Promise.all(Array.from({ length: 25 }, () => submit(slow)));
      const answers = await Promise.all(ids.map((id) => ask('GET', `/tasks/${id}`)));
      const positions = answers.map(({ headers }) => Number(headers.get('queue-position')));
      expect(Math.max(...positions)).toBeGreaterThan(1);
      // One ETag, one body: the place in line is in both.
      for (const { headers, json } of answers.filter(({ json }) => json.status === 'PENDING' && json.queue !== null)) {
        const { position, estimated_wait_seconds: wait } = json.queue as Record<string, number | null>;
        expect(headers.get('etag')).toBe(`"1-${position}-${wait ?? ''}"`);
        expect(headers.get('queue-position')).toBe(String(position));
      }
      await Promise.all(ids.map((id) => ask('DELETE', `/tasks/${id}`, { token: tokens.admin })));
      const cancelled = await ask('GET', `/tasks/${ids[0]}`);
      expect([cancelled.headers.get('queue-position'), cancelled.json.queue]).toEqual([null, null]);
    });

    it('with Prefer: wait answers as soon as the task changes', async () => {
      const id = await submit({ task_type: 'simulation', duration: 2, steps: 2 });
      const { headers } = await ask('GET', `/tasks/${id}`);
      const changed = await ask('GET', `/tasks/${id}`, {
        headers: { prefer: 'wait=20', 'if-none-match': headers.get('etag') ?? '' },
      });
      expect(changed.status).toBe(200);
      expect(changed.headers.get('etag')).not.toBe(headers.get('etag'));
    });

    it('shows somebody else’s task as if it were not there, but to admins', async () => {
      const id = await submit();
      const nobody = '01900000-0000-7000-8000-000000000000';
      for (const suffix of ['', '/input', '/logs', '/events', '/stream']) {
        const theirs = await ask('GET', `/tasks/${id}${suffix}`, { token: tokens.other });
        const none = await ask('GET', `/tasks/${nobody}${suffix}`, { token: tokens.other });
        const shape = ({ status, text }: Answer, own: string) => [
          status,
          text.replaceAll(own, 'ID').replace(/"(request|trace)_id":"[^"]*"/g, ''),
        ];
        expect(shape(theirs, id)).toEqual(shape(none, nobody));
        expect(theirs.status).toBe(404);
      }
      expect((await ask('GET', `/tasks/${id.toUpperCase()}`, { token: tokens.admin })).status).toBe(200);
      expect((await ask('GET', '/tasks/not-a-uuid')).status).toBe(404);
    });

    it('pages by Link, right while tasks are being added', async () => {
      const wanted: string[] = [];
      for (let n = 0; n < 7; n += 1) wanted.unshift(await submit({ ...quick, metadata: { page: 'mine' } }));
      const found: string[] = [];
      let path: string | undefined = '/tasks?limit=3&q=mine';
      while (path !== undefined) {
        const answer: Answer = await ask('GET', path);
        expect(answer.status).toBe(200);
        found.push(...(answer.json as { task_id: string }[]).map(({ task_id }) => task_id));
        await submit({ ...quick, metadata: { page: 'mine too' } });
        path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]?.replace(/^https?:\/\/[^/]+/, '');
      }
      expect(found).toEqual(wanted);
    });

    it('filters by status, kind, time and, for admins, owner', async () => {
      const list = async (query: string, token = tokens.user) =>
        (await ask('GET', `/tasks?${query}`, { token })).json as { status: string; owner_id: string }[];
      expect(new Set((await list('status=SUCCESS&limit=100')).map(({ status }) => status))).toEqual(
        new Set(['SUCCESS']),
      );
      expect(await list('task_type=web_scrape')).toEqual([]);
      expect(await list('created_after=2999-01-01T00:00:00Z')).toEqual([]);
      const owner = deployment.users.other.id;
      expect((await list(`owner_id=${owner}`, tokens.admin)).every(({ owner_id }) => owner_id === owner)).toBe(true);
      expect((await ask('GET', `/tasks?owner_id=${owner}`)).status).toBeLessThan(500);
      for (const bad of [
        'limit=0',
        'limit=10abc',
        'limit=1&limit=2',
        'limit[]=5',
        'evil=1',
        'cursor=AAAA',
        'status=DONE',
      ]) {
        expect([bad, (await ask('GET', `/tasks?${bad}`)).status]).toEqual([bad, 400]);
      }
    });

    it('lists the kinds with their schemas', async () => {
      const kinds = (await ask('GET', '/task-types')).json as { task_type: string; example: object }[];
      const types = kinds.map(({ task_type }) => task_type).sort();
      expect(types.join(' ')).toBe('content_evaluation content_generation content_revision simulation web_scrape');
      for (const { task_type, example } of kinds) {
        const body = { task_type, ...example, run_at: '2027-01-01T00:00:00Z' };
        expect([task_type, (await ask('POST', '/tasks', { body })).status]).toEqual([task_type, 202]);
      }
    });
  });

  describe('cancel and retry', () => {
    it('is for admins: own task 403, somebody else’s 404, twice 204, ended 409', async () => {
      const id = await submit(slow);
      const cancel = async (token: string, which = id) => (await ask('DELETE', `/tasks/${which}`, { token })).status;
      expect([await cancel(tokens.user), await cancel(tokens.other)]).toEqual([403, 404]);
      expect([await cancel(tokens.admin), await cancel(tokens.admin)]).toEqual([204, 204]);
      expect((await finished(id)).json.status).toBe('CANCELLED');
      const done = (await finished(await submit())).json.task_id as string;
      expect(await cancel(tokens.admin, done)).toBe(409);
      expect(await cancel(tokens.admin, '01900000-0000-7000-8000-000000000000')).toBe(404);
    });

    it('retries FAILED tasks only, and a stream goes on behind the requeue', async () => {
      const id = await submit({ ...quick, fail_probability: 1, max_attempts: 1 });
      const failed = (await finished(id)).json;
      expect(failed).toMatchObject({ status: 'FAILED', error: { code: 'simulated_failure', retryable: true } });
      const seen = (await read(`/tasks/${id}/stream?from=0`)).map(({ data }) => data.type as string);
      expect(seen.at(-1)).toBe('failed');
      expect(await read(`/tasks/${id}/stream`, { lastEventId: seen.length })).toEqual([]);
      const retry = async (token: string, which = id) => (await ask('POST', `/tasks/${which}/retry`, { token })).status;
      expect([await retry(tokens.user), await retry(tokens.other)]).toEqual([403, 404]);
      expect(await retry(tokens.admin)).toBe(202);
      const more = (await read(`/tasks/${id}/stream`, { lastEventId: seen.length })).map(
        ({ data }) => data.type as string,
      );
      expect([more[0], more.at(-1)]).toEqual(['requeued', 'failed']);
      expect(await retry(tokens.admin, (await finished(await submit())).json.task_id as string)).toBe(409);
    });
  });

  describe('streams', () => {
    it('begin with a snapshot, carry each event with its number, and end with the task', async () => {
      const id = await submit({ task_type: 'simulation', duration: 1, steps: 3 });
      const messages = await read(`/tasks/${id}/stream`);
      expect(messages[0].data).toMatchObject({ type: 'snapshot', task_id: id });
      expect(Object.keys(messages[0].data as object).sort()).toEqual([
        'error',
        'level',
        'message',
        'progress',
        'result',
        'seq',
        'status',
        'task_id',
        'timestamp',
        'type',
      ]);
      const seqs = messages.map(({ id: seq }) => Number(seq));
      expect(seqs).toEqual(seqs.map((_, index) => seqs[0] + index));
      expect(messages.at(-1)?.data).toMatchObject({ type: 'succeeded', status: 'SUCCESS', result: { steps: 3 } });
      expect((await read(`/tasks/${id}/stream`)).map(({ data }) => data.type as string)).toEqual(['snapshot']);
      expect((await read(`/tasks/${id}/stream?from=0`)).map(({ id: seq }) => Number(seq))).toEqual(
        Array.from({ length: seqs.at(-1) ?? 0 }, (_, index) => index + 1),
      );
    });

    it('refuse before they open: 401, 404, 400', async () => {
      const id = await submit();
      expect(await refusal(`/tasks/${id}/stream`, { token: 'nonsense' })).toBe(401);
      expect(await refusal(`/tasks/${id}/stream`, { token: tokens.other })).toBe(404);
      expect(await refusal(`/tasks/${id}/stream`, { lastEventId: 'x' })).toBe(400);
    });

    it('open by a ticket once, and again by its cookie', async () => {
      const id = await submit({ task_type: 'simulation', duration: 3, steps: 3 });
      const { status, json } = await ask('POST', `/tasks/${id}/stream-ticket`);
      expect([status, json.expires_in]).toEqual([201, 30]);
      const url = `${deployment.apis[1].url}/tasks/${id}/stream?ticket=${json.ticket as string}`;
      const first = await fetch(url);
      expect(first.status).toBe(200);
      const cookie = first.headers.get('set-cookie') ?? '';
      expect(cookie).toMatch(new RegExp(`HttpOnly`));
      expect(cookie).toContain(`Path=/tasks/${id}/stream`);
      await first.body?.cancel();
      expect((await fetch(url)).status).toBe(401);
      const again = await fetch(`${deployment.apis[0].url}/tasks/${id}/stream`, {
        headers: { cookie: cookie.split(';')[0] },
      });
      expect(again.status).toBe(200);
      await again.body?.cancel();
      const other = await submit();
      const elsewhere = await fetch(`${deployment.apis[0].url}/tasks/${other}/stream`, {
        headers: { cookie: cookie.split(';')[0] },
      });
      expect(elsewhere.status).toBe(401);
    });

    it('of all visible tasks carry a snapshot, then every change of own tasks only', async () => {
      const unfinished = () => ask('GET', '/tasks?status=PENDING,RUNNING', { token: tokens.other });
      // Earlier tests may have left something that still ends.
      while ((await unfinished()).json.length > 0) await pause(50);
      const stop = new AbortController();
      const seen: StreamMessage[] = [];
      const reading = (async () => {
        const url = `${deployment.apis[1].url}/tasks/stream`;
        for await (const message of openStream(url, { token: tokens.other, signal: stop.signal })) seen.push(message);
      })();
      while (seen.length === 0) await pause(10);
      expect(seen[0].data.type).toBe('snapshot');
      await submit();
      const mine = await ask('POST', '/tasks', { token: tokens.other, body: quick });
      while (seen.at(-1)?.data.type !== 'succeeded') await pause(10);
      stop.abort();
      await reading;
      const changes = seen.slice(1);
      expect(new Set(changes.map(({ data }) => data.task_id as string))).toEqual(new Set([mine.json.task_id]));
      const missed = await ask('POST', '/tasks', { token: tokens.other, body: quick });
      const types: string[] = [];
      const lastEventId = changes.at(-1)?.id ?? '';
      const url = `${deployment.apis[0].url}/tasks/stream`;
      // Behind the last id, through the other api: what came since, and nothing twice.
      for await (const { data } of openStream(url, { token: tokens.other, lastEventId })) {
        expect(data.task_id).toBe(missed.json.task_id);
        types.push(data.type as string);
        if (data.type === 'succeeded') break;
      }
      expect([types[0], types[1], types.at(-1)]).toEqual(['submitted', 'started', 'succeeded']);
    });
  });

  it('answers 405 with Allow whoever asks, 404 for what is not there, 415 for other media types', async () => {
    const patch = await ask('PATCH', '/tasks', { token: undefined });
    expect([patch.status, patch.headers.get('allow')]).toEqual([405, expect.stringContaining('POST')]);
    expect((await ask('GET', '/nothing/here', { token: undefined })).status).toBe(404);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await ask('POST', '/tasks', { body: 'a=1', headers: form })).status).toBe(415);
    const none = await ask('GET', '/tasks', { token: undefined });
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)]);
  });

  it('says that it is live and ready', async () => {
    expect((await ask('GET', '/health/live', { token: undefined })).status).toBe(200);
    expect((await ask('GET', '/health/ready', { token: undefined })).status).toBe(200);
  });

  describe('with small limits', () => {
    it('shares rate limits between apis and names them in headers', async () => {
      const limits = { RATE_LIMIT_SUBMIT: '5' };
      const [one, two] = await Promise.all([deployment.startApi(limits), deployment.startApi(limits)]);
      const answers: Answer[] = [];
      for (let n = 0; n < 7; n += 1) {
        answers.push(
          await call(n % 2 ? one : two, 'POST', '/tasks', { token: deployment.users.editor.token, body: quick }),
        );
      }
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429, 429]);
      expect(answers[0].headers.get('ratelimit-policy')).toBe('"submit";q=5;w=60');
      expect(answers[0].headers.get('ratelimit')).toMatch(/^"submit";r=\d+;t=\d+$/);
      expect(Number(answers[6].headers.get('retry-after'))).toBeGreaterThan(0);
      await Promise.all([one.kill(), two.kill()]);
    });

    it('refuses more unfinished tasks than allowed, of one owner with 429, of all with 503', async () => {
      const later = { ...quick, run_at: new Date(Date.now() + 3_600_000).toISOString() };
      const few = await deployment.startApi({ MAX_UNFINISHED_PER_OWNER: '3' });
      const codes: number[] = [];
      for (let n = 0; n < 5; n += 1) {
        const { status } = await call(few, 'POST', '/tasks', { token: deployment.users.editor.token, body: later });
        codes.push(status);
      }
      expect(codes).toEqual([202, 202, 202, 429, 429]);
      const none = await deployment.startApi({ MAX_UNFINISHED: '1' });
      const full = await call(none, 'POST', '/tasks', { token: tokens.other, body: later });
      expect([full.status, Number(full.headers.get('retry-after')) > 0]).toEqual([503, true]);
      await Promise.all([few.kill(), none.kill()]);
    });

    it('opens no more streams of one user than allowed', async () => {
      const id = await submit(slow);
      const api = await deployment.startApi({ STREAMS_PER_USER: '2' });
      const url = `${api.url}/tasks/${id}/stream`;
      const open = [await fetch(url, auth()), await fetch(url, auth())];
      const third = await fetch(url, auth());
      expect([third.status, Number(third.headers.get('retry-after')) > 0]).toEqual([429, true]);
      for (const response of open) await response.body?.cancel();
      await ask('DELETE', `/tasks/${id}`, { token: tokens.admin });
      await api.kill();
      expect(await api.exited).toBe(0);
    });

    const auth = () => ({ headers: { authorization: `Bearer ${tokens.user}` } });
  });
});

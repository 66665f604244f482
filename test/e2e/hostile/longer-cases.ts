import { call, type Deployment } from '../../support/deployment.js';
import { expectProblem } from './checks.js';
import { sendText } from './send.js';
import { later, type Stage } from './stage.js';

/** A case that is more than one request. */
export interface LongerCase {
  readonly title: string;
  readonly run: (stage: Stage) => Promise<void>;
}

const credentials = (username: string, password: string) => ({ body: { username, password } });
const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function timed<T>(action: () => Promise<T>): Promise<{ value: T; took: number }> {
  const began = performance.now();
  const value = await action();
  return { value, took: performance.now() - began };
}

/** By id of the list. */
export const longerCases: Readonly<Record<string, LongerCase>> = {
  'auth-36': {
    title: 'login brute force meets the limit, with Retry-After',
    run: async ({ strict, deployment }) => {
      const { username } = deployment.users.user;
      const statuses: number[] = [];
      for (let index = 0; index < 50; index += 1) {
        const answer = await call(strict, 'POST', '/auth/token', credentials(username, `wrong ${index}`));
        statuses.push(answer.status);
        expectProblem(answer.status, answer.headers.get('content-type') ?? '', answer.text);
        if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect(new Set(statuses)).toEqual(new Set([401, 429]));
      expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(20);
    },
  },
  'auth-37': {
    title: 'an unknown user and a wrong password get the same answer, as fast',
    run: async ({ api, deployment }) => {
      const took = { known: [] as number[], unknown: [] as number[] };
      const names = { known: deployment.users.user.username, unknown: 'no-such-user' };
      const bodies = new Set<string>();
      for (let round = 0; round < 10; round += 1) {
        for (const kind of ['known', 'unknown'] as const) {
          const { value, took: ms } = await timed(() =>
            call(api, 'POST', '/auth/token', credentials(names[kind], 'x')),
          );
          const { request_id: _request, trace_id: _trace, ...body } = value.json;
          bodies.add(JSON.stringify({ status: value.status, body }));
          took[kind].push(ms);
        }
      }
      expect(bodies.size).toBe(1);
      expect([...bodies][0]).toContain('"status":401');
      // Without a check of a dummy hash this is 1 ms against 20.
      expect(median(took.unknown) / median(took.known)).toBeGreaterThan(0.5);
      expect(median(took.unknown) / median(took.known)).toBeLessThan(2);
    },
  },
  'state-02': {
    title: 'same idempotency key, different body',
    run: async ({ api, deployment }) => {
      const { token } = deployment.users.user;
      const headers = { 'idempotency-key': 'one-key' };
      const body = { task_type: 'simulation', run_at: later() };
      expect((await call(api, 'POST', '/tasks', { token, headers, body })).status).toBe(202);
      const second = await call(api, 'POST', '/tasks', { token, headers, body: { ...body, duration: 7 } });
      expect([second.status, second.json.code]).toEqual([422, 'idempotency_key_reused']);
    },
  },
  'state-13': {
    title: 'queue depth over the limit of an owner: 429 with Retry-After, and nothing accepted is lost',
    run: async ({ strict, deployment }) => {
      const { id, token } = deployment.users.editor;
      const body = { task_type: 'simulation', run_at: later() };
      await forgetCalls(deployment);
      const answers = [];
      for (let index = 0; index < 50; index += 1) answers.push(await call(strict, 'POST', '/tasks', { token, body }));
      const accepted = answers.filter(({ status }) => status === 202).map(({ json }) => json.task_id);
      const refused = answers.filter(({ status }) => status !== 202);
      expect(accepted).toHaveLength(40);
      for (const { status, headers, json } of refused) {
        expect([status, json.code]).toEqual([429, 'too_many_unfinished_tasks']);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
      const batch = await call(strict, 'POST', '/tasks/batch', { token, body: [body, body] });
      expect([batch.status, batch.json.map(({ status }: { status: number }) => status)]).toEqual([200, [429, 429]]);
      expect(Number(batch.headers.get('retry-after'))).toBeGreaterThan(0);
      const rows = await deployment.sql<{ id: string }>('SELECT id FROM jobs WHERE owner_id = $1', [id]);
      expect(rows.map((row) => row.id).sort()).toEqual(accepted.sort());
    },
  },
  'state-14': {
    title: '100 creations at once of one user meet the limit, another user does not feel it',
    run: async ({ strict, deployment }) => {
      const { other, admin } = deployment.users;
      const body = { task_type: 'simulation', run_at: later() };
      await forgetCalls(deployment);
      const flood = Promise.all(
        Array.from({ length: 100 }, () => call(strict, 'POST', '/tasks', { token: other.token, body })),
      );
      expect((await call(strict, 'POST', '/tasks', { token: admin.token, body })).status).toBe(202);
      const limited = (await flood).filter(({ json }) => json.code === 'rate_limited');
      expect(limited.length).toBeGreaterThanOrEqual(40);
      for (const { status, headers } of limited) {
        expect([status, Number(headers.get('retry-after')) > 0]).toEqual([429, true]);
      }
    },
  },
};

/** The api with tight limits counts what was sent to the other one, too, whose limits are wide. */
async function forgetCalls(deployment: Deployment): Promise<void> {
  await deployment.sql('DELETE FROM rate_limits');
}

function* dripped(head: string, piece: string): Generator<string> {
  yield head;
  for (;;) yield piece;
}

/** They take as long as the server is patient, so they run beside all others. */
export const slowCases: Readonly<Record<string, LongerCase>> = {
  'size-05': {
    title: 'a chunked body that never ends is cut with 408',
    run: async ({ api, deployment }) => {
      const head = [
        'POST /tasks HTTP/1.1',
        'Host: a',
        `Authorization: Bearer ${deployment.users.user.token}`,
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
      ];
      const answer = await sendText(
        api.url,
        dripped(`${head.join('\r\n')}\r\n\r\n`, `400\r\n${' '.repeat(1024)}\r\n`),
        1_000,
      );
      expect([400, 408, 413]).toContain(answer.status);
      expectProblem(answer.status, answer.headers['content-type'], answer.text);
      expect(answer.took).toBeLessThan(50_000);
    },
  },
  'size-11': {
    title: 'headers that come byte by byte are cut with 408',
    run: async ({ api }) => {
      const answer = await sendText(api.url, dripped('GET /tasks HTTP/1.1\r\nHost: a\r\nX-Slow: ', 'a'), 1_000);
      expect([400, 408]).toContain(answer.status);
      expectProblem(answer.status, answer.headers['content-type'], answer.text);
      expect(answer.took).toBeLessThan(40_000);
    },
  },
};

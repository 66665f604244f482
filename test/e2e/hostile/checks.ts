import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CheckName } from './hostile-case.js';
import type { RawAnswer } from './send.js';
import { publicUrl, type Stage } from './stage.js';

/** One case that was played. */
export interface Played {
  readonly stage: Stage;
  readonly answer: RawAnswer;
  /** Plays the case once more with all ids of tasks in it replaced. */
  readonly replay: (id: string) => Promise<RawAnswer>;
  readonly before: Snapshot;
}
export interface Snapshot {
  readonly jobs: number;
  readonly task: unknown;
  /** Versions and decisions. */
  readonly content: unknown;
  /** Resident memory of the api, in MB; undefined where the system does not tell. */
  readonly memory: number | undefined;
}

export async function snapshot(stage: Stage): Promise<Snapshot> {
  const [task] = await stage.deployment.sql('SELECT * FROM jobs WHERE id = $1', [stage.places.taskId]);
  const content = await stage.deployment.sql(
    `SELECT item_id, number, state, (SELECT count(*) FROM content_reviews) AS reviews FROM content_versions ORDER BY 1, 2`,
  );
  return { jobs: await stage.countJobs(), task, content, memory: memoryOf(stage.api.pid) };
}

/** Resident memory in MB, on Linux. */
export function memoryOf(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

/** What every answer of the api owes its caller, however odd the question was. */
export function expectDecentAnswer({ status, headers, text, took }: RawAnswer): void {
  expect([500, 502, 504]).not.toContain(status);
  expect(took).toBeLessThan(4_000);
  expect(text.length).toBeLessThan(10_000);
  expect(headers).not.toHaveProperty('server');
  expect(headers).not.toHaveProperty('x-powered-by');
  expect(text).not.toMatch(
    /\bat \S+ \(|node_modules|\.[tj]s:\d|\bSELECT\b|\bINSERT\b|syntax error|relation "|postgres/,
  );
  if (status >= 400) expectProblem(status, headers['content-type'], text);
  if (status === 401) expect(headers['www-authenticate']).toMatch(/^Bearer/);
}

/** RFC 9457 with the fields of the contract, and no others. */
export function expectProblem(status: number, contentType: string | undefined, text: string): void {
  expect(contentType).toMatch(/^application\/problem\+json/);
  const { errors, ...problem } = JSON.parse(text) as Record<string, unknown>;
  expect(problem).toEqual({
    type: `urn:longhaul:problem:${String(problem.code)}`,
    title: expect.any(String),
    status,
    detail: expect.any(String),
    instance: expect.stringMatching(/^\/[^<>"]*$/),
    code: expect.stringMatching(/^[a-z_]+$/),
    request_id: expect.stringMatching(/^[\w.-]{1,128}$/),
    trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  if (errors === undefined) return;
  expect((errors as unknown[]).length).toBeLessThanOrEqual(20);
  for (const error of errors as unknown[])
    expect(error).toEqual({ pointer: expect.any(String), detail: expect.any(String) });
}

const json = ({ text }: RawAnswer) => JSON.parse(text);

/** Checks that cases name. */
export const checks: Readonly<Record<CheckName, (played: Played) => Promise<void> | void>> = {
  'as-for-a-random-id': async ({ answer, replay, stage }) => {
    const id = randomUUID();
    const { foreignTaskId } = stage.places;
    expect(withoutTraces(await replay(id), id)).toEqual(withoutTraces(answer, foreignTaskId));
  },
  'denial-is-logged': async ({ answer, replay, stage }) => {
    const { request_id: first, status } = json(answer);
    const ids: string[] = [first];
    const line = await eventually(async () => {
      const refusals = stage.api
        .logs()
        .split('\n')
        .filter((text) => text.includes('"request_refused"'));
      const found = refusals.find((text) => ids.some((id) => text.includes(id)));
      // Refusals of a flood are counted, not logged: of that one, the next will be.
      if (found === undefined) ids.push(json(await replay(stage.places.foreignTaskId)).request_id);
      return found;
    });
    expect(JSON.parse(line)).toMatchObject({ status, subject: stage.deployment.users.user.id });
  },
  'no-foreign-tasks': ({ answer, stage }) => expect(answer.text).not.toContain(stage.places.foreignTaskId),
  'links-use-public-url': ({ answer: { headers, text } }) => {
    expect(headers.location).toMatch(/^\/tasks\//);
    expect(headers['operation-location']).toBe(`${publicUrl}${headers.location}`);
    expect(JSON.stringify(headers) + text).not.toContain('evil.example');
  },
  'no-cors': ({ answer: { headers } }) => {
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  },
  'request-id-is-ours': ({ answer: { headers } }) => expect(headers['x-request-id']).toMatch(/^[\w-]{8,128}$/),
  'task-unchanged': async ({ stage, before }) => expect((await snapshot(stage)).task).toEqual(before.task),
  'content-unchanged': async ({ stage, before }) => expect((await snapshot(stage)).content).toEqual(before.content),
  'memory-is-bounded': ({ stage, before }) => {
    const memory = memoryOf(stage.api.pid);
    if (memory !== undefined) expect(memory - (before.memory ?? 0)).toBeLessThan(50);
  },
  'kind-is-the-last-one': async ({ answer, stage }) => {
    const { task_id: id, task_type: shown } = json(answer);
    const [row] = await stage.deployment.sql('SELECT kind FROM jobs WHERE id = $1', [id]);
    expect([shown, row.kind]).toEqual(['simulation', 'simulation']);
  },
  'tells-only-ok': ({ answer }) => {
    if (answer.status === 200) expect(json(answer)).toEqual({ status: 'ok' });
  },
};

/** The answer without what differs from request to request. */
function withoutTraces({ status, headers, text }: RawAnswer, id: string): unknown {
  const { request_id: _request, trace_id: _trace, ...body } = JSON.parse(text.replaceAll(id, 'ID'));
  const { date: _date, ratelimit: _limit, 'x-request-id': _id, ...others } = headers;
  return { status, headers: others, body };
}

/** Waits until something is there; fails after 5 s. */
export async function eventually<T>(find: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const until = performance.now() + 5_000;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error('Waited 5 s in vain.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

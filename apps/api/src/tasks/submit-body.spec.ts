import { Equals, IsInt, Max, Min } from 'class-validator';
import { loadConfig } from '@longhaul/config';
import { defineKind, type KindDefinition } from '@longhaul/jobs';
import type { Problem } from '../problems/problem.js';
import { SubmitBodyReader } from './submit-body.js';

class EchoInput {
  @IsInt()
  @Min(0)
  @Max(10)
  times: number = 3;

  @Equals('yes')
  really: string;
}
const echo = defineKind({
  name: 'echo',
  title: 'Echo',
  description: '',
  input: EchoInput,
  example: { really: 'yes' },
  timeoutSeconds: 60,
  maxAttempts: 2,
  errorCodes: {},
  refuse: ({ times }) => (times === 7 ? [{ pointer: '/times', detail: 'not seven' }] : []),
});
const reader = new SubmitBodyReader(new Map<string, KindDefinition>([['echo', echo]]), loadConfig({}));
const now = Date.parse('2026-01-31T12:00:00Z');
const pointersOf = async (body: unknown) => {
  const problem = (await reader.read(body, now).catch((error: unknown) => error)) as Problem;
  return problem.errors?.map(({ pointer }) => pointer);
};

describe('SubmitBodyReader', () => {
  it('fills in the defaults of the kind', async () => {
    expect(await reader.read({ task_type: 'echo', really: 'yes' }, now)).toEqual({
      kind: 'echo',
      input: { times: 3, really: 'yes' },
      metadata: {},
      priority: 0,
      timeoutSeconds: 60,
      maxAttempts: 2,
      runAt: null,
    });
  });

  it('takes the common fields, and a past time as now', async () => {
    const body = {
      task_type: 'echo',
      really: 'yes',
      metadata: { constructor: 1 },
      priority: -100,
      timeout_seconds: 1,
      max_attempts: 20,
    };
    const ahead = await reader.read({ ...body, run_at: '2026-02-01T00:00:00+02:00' }, now);
    expect(ahead).toMatchObject({ metadata: { constructor: 1 }, priority: -100, timeoutSeconds: 1, maxAttempts: 20 });
    expect(ahead.runAt?.toISOString()).toBe('2026-01-31T22:00:00.000Z');
    expect((await reader.read({ ...body, run_at: '2026-01-30T11:59:59Z' }, now)).runAt).toBeNull();
  });

  it('names every wrong field', async () => {
    const body = {
      task_type: 'echo',
      times: 1.5,
      priority: null,
      metadata: [],
      run_at: 'soon',
      extra: 1,
      constructor: 1,
    };
    expect(new Set(await pointersOf(body))).toEqual(
      new Set(['/times', '/really', '/priority', '/metadata', '/run_at', '/extra', '/constructor']),
    );
  });

  it('refuses unknown types, words that every object knows, and times too far ahead', async () => {
    for (const task_type of [undefined, 'x', 'constructor', '__proto__', { $gt: '' }, 7]) {
      expect(await pointersOf({ task_type })).toEqual(['/task_type']);
    }
    expect(await pointersOf({ task_type: 'echo', really: 'yes', run_at: '2027-02-02T00:00:00Z' })).toEqual(['/run_at']);
    expect(await pointersOf({ task_type: 'echo', really: { a: [{ constructor: 1 }] } })).toContain(
      '/really/a/0/constructor',
    );
    for (const body of [null, [], 'x', 7]) expect(await pointersOf(body)).toEqual(['']);
  });

  it('lets the kind refuse what fits its DTO', async () => {
    expect(await pointersOf({ task_type: 'echo', really: 'yes', times: 7 })).toEqual(['/times']);
  });
});

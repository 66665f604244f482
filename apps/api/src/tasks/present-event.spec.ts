import { JobEntity, type JobEvent } from '@longhaul/jobs';
import { presentEvent, presentSnapshot, presentStreamEvent } from './present-event.js';
import { presentTask } from './present-task.js';
import { frameOf } from './sse-frame.js';

const fields = ['task_id', 'type', 'status', 'progress', 'message', 'level', 'result', 'error', 'seq', 'timestamp'];
const event = (changes: Partial<JobEvent>): JobEvent => ({
  jobId: '01a2012f-38ad-709e-9332-8b58132069b8',
  seq: 4,
  type: 'log',
  level: 'warn',
  message: 'a line\nevent: forged\n\ndata: x',
  data: null,
  actor: 'worker:1',
  at: new Date('2026-01-31T12:00:00Z'),
  ...changes,
});
const job = Object.assign(new JobEntity(), {
  id: '01a2012f-38ad-709e-9332-8b58132069b8',
  kind: 'simulation',
  status: 'SUCCESS',
  ownerId: 'u1',
  result: { a: 1 },
  error: null,
  metadata: {},
  progress: { percent: 90, current: 9, total: 10, message: 'almost' },
  runAt: new Date(0),
  createdAt: new Date(0),
  startedAt: null,
  finishedAt: new Date(1),
  attempts: 3,
  maxAttempts: 4,
  lastSeq: 9,
});

describe('events on the wire', () => {
  it('have exactly the fields of the contract', () => {
    expect(Object.keys(presentStreamEvent(event({}), null))).toEqual(fields);
    expect(Object.keys(presentSnapshot(job))).toEqual(fields);
    expect(Object.keys(presentEvent(event({}), null))).toEqual([...fields, 'actor']);
  });

  it('carry progress, result and error where they apply', () => {
    const progress = { percent: 50, current: 1, total: 2, message: null };
    expect(presentStreamEvent(event({ type: 'progress', data: progress }), null)).toMatchObject({
      progress,
      level: null,
    });
    expect(presentStreamEvent(event({ type: 'succeeded' }), { a: 1 })).toMatchObject({
      status: 'SUCCESS',
      result: { a: 1 },
    });
    const error = { code: 'timeout', message: 'm', retryable: false };
    expect(presentStreamEvent(event({ type: 'failed', data: { error } }), null)).toMatchObject({
      status: 'FAILED',
      error,
    });
  });

  it('are one frame whatever the message holds', () => {
    const lines = frameOf(4, presentStreamEvent(event({}), null))
      .text.toString()
      .split('\n');
    expect(lines.map((line) => line.slice(0, 4))).toEqual(['id: ', 'data', '', '']);
  });
});

describe('presentTask', () => {
  it('shows a finished task at 100 % with its retries counted', () => {
    expect(presentTask(job)).toMatchObject({
      progress: { percent: 100, current: 9, total: 10, message: 'almost' },
      result_payload: { a: 1 },
      retry_count: 2,
      completed_at: '1970-01-01T00:00:00.001Z',
      logs: [],
      links: { self: `/tasks/${job.id}`, stream: `/tasks/${job.id}/stream` },
    });
  });
});

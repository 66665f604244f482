import { applyEvent } from './apply-event.js';
import { failure, makeEvent, makeTask } from './testing.js';

const queue = { position: 3, estimated_wait_seconds: 4 };
const running = makeTask(1, 'RUNNING', { started_at: '2026-01-31T12:00:00.000Z' });

it('starts a task, which then stands in no line; a later attempt keeps its first start', () => {
  const pending = makeTask(1, 'PENDING', { queue });
  const started = applyEvent(pending, makeEvent('started', 'RUNNING', 2));
  expect(started).toMatchObject({ status: 'RUNNING', started_at: '2026-01-31T12:00:02.000Z', queue: null });
  const again = applyEvent(started, makeEvent('started', 'RUNNING', 60));
  expect(again.started_at).toBe('2026-01-31T12:00:02.000Z');
});

it('takes progress, and keeps what it has for an event without any', () => {
  const progress = { percent: 40, current: 2, total: 5, message: '<b>two</b>' };
  const moved = applyEvent(running, makeEvent('progress', 'RUNNING', 1, { progress }));
  expect(moved.progress).toEqual(progress);
  expect(applyEvent(moved, makeEvent('progress', 'RUNNING', 2)).progress).toEqual(progress);
});

it('leaves a task alone for a line of its log', () =>
  expect(applyEvent(running, makeEvent('log', 'RUNNING', 1, { message: 'line' }))).toBe(running));

it('ends it with its result and all done, and without the error of an earlier attempt', () => {
  const retried = applyEvent(running, makeEvent('retry_scheduled', 'PENDING', 1, { error: failure }));
  expect(retried).toMatchObject({ status: 'PENDING', error: failure, retry_count: 1, completed_at: null });
  const done = applyEvent(retried, makeEvent('succeeded', 'SUCCESS', 9, { result: { steps: 1 } }));
  expect(done).toMatchObject({ status: 'SUCCESS', error: null, result_payload: { steps: 1 }, retry_count: 1 });
  expect([done.progress.percent, done.completed_at]).toEqual([100, '2026-01-31T12:00:09.000Z']);
});

it('ends it as failed; that it was discarded later does not change when', () => {
  const failed = applyEvent(running, makeEvent('failed', 'FAILED', 5, { error: failure }));
  expect(failed).toMatchObject({ status: 'FAILED', error: failure, completed_at: '2026-01-31T12:00:05.000Z' });
  const discarded = applyEvent(failed, makeEvent('discarded', 'FAILED', 90));
  expect(discarded).toMatchObject({ error: failure, completed_at: '2026-01-31T12:00:05.000Z' });
  expect(applyEvent(failed, makeEvent('requeued', 'PENDING', 99))).toMatchObject({
    status: 'PENDING',
    completed_at: null,
  });
});

import { failure, makeHistory, start } from './testing.js';
import { segmentsOf, type Segment } from './timeline.js';

const short = ({ kind, reason, attempt, worker, from, to, outcome, error }: Segment) => [
  kind,
  reason ?? attempt,
  worker,
  (from - start) / 1_000,
  to === null ? null : (to - start) / 1_000,
  outcome,
  error?.code ?? null,
];
const shown = (...events: Parameters<typeof segmentsOf>[0]) => segmentsOf(events).map(short);

it('is empty before anything has happened', () => expect(segmentsOf([])).toEqual([]));

it('shows how long a task waited, and what runs now', () => {
  expect(shown(makeHistory('submitted', 0), makeHistory('started', 2))).toEqual([
    ['wait', 'submitted', null, 0, 2, null, null],
    ['attempt', 1, 'worker-1', 2, null, null, null],
  ]);
});

it('shows attempts that fail, hand over and are lost, with the waits between them', () => {
  const events = [
    makeHistory('submitted', 0),
    makeHistory('started', 1),
    makeHistory('log', 2),
    makeHistory('retry_scheduled', 3, { error: failure }),
    makeHistory('started', 5, { actor: 'worker-2' }),
    makeHistory('handed_over', 6),
    makeHistory('started', 7),
    makeHistory('recovered', 9),
    makeHistory('started', 10),
    makeHistory('failed', 12, { error: failure }),
    makeHistory('requeued', 20, { actor: 'an admin' }),
    makeHistory('started', 21),
    makeHistory('succeeded', 23),
  ];
  expect(shown(...events)).toEqual([
    ['wait', 'submitted', null, 0, 1, null, null],
    ['attempt', 1, 'worker-1', 1, 3, 'retry_scheduled', 'simulated_failure'],
    ['wait', 'retry_scheduled', null, 3, 5, null, null],
    ['attempt', 2, 'worker-2', 5, 6, 'handed_over', null],
    ['wait', 'handed_over', null, 6, 7, null, null],
    ['attempt', 3, 'worker-1', 7, 9, 'recovered', null],
    ['wait', 'recovered', null, 9, 10, null, null],
    ['attempt', 4, 'worker-1', 10, 12, 'failed', 'simulated_failure'],
    ['wait', 'requeued', null, 20, 21, null, null],
    ['attempt', 5, 'worker-1', 21, 23, 'succeeded', null],
  ]);
});

it('ends the wait of a task that was cancelled before it started, and says nothing of a discarded one', () => {
  expect(shown(makeHistory('submitted', 0), makeHistory('cancelled', 4), makeHistory('discarded', 9))).toEqual([
    ['wait', 'submitted', null, 0, 4, 'cancelled', null],
  ]);
});

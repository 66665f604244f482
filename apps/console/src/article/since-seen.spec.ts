import type { ListedVersion, Review } from '../content/content.js';
import { sinceSeen } from './since-seen.js';

const at = (minute: number) => `2026-01-31T12:${String(minute).padStart(2, '0')}:00.000Z`;
const review = (seq: number, version: number, decision: Review['decision'], minute: number): Review => ({
  ...{ seq, version, decision, at: at(minute), content_id: 'c', title: 'Tides', actor_id: 'grace' },
  ...{ actor_name: 'grace', reason: `reason ${seq}`, feedback: null, version_hash: '', previous_hash: '', hash: '' },
});
const version = (number: number, minute: number, more: Partial<ListedVersion> = {}): ListedVersion =>
  ({
    ...{ number, state: 'AWAITING_APPROVAL', origin: 'edit', author_id: 'ada', author_name: 'ada', task_id: null },
    ...{ created_at: at(minute), reason: null },
    ...more,
  }) as ListedVersion;
const keys = (...args: Parameters<typeof sinceSeen>) => sinceSeen(...args).map(({ key }) => key);

it('is nothing when nobody did anything', () =>
  expect(keys({ number: 1, state: 'AWAITING_APPROVAL' }, [], [version(1, 0)])).toEqual([]));

it('tells decisions and versions that came later, newest first', () => {
  const reviews = [review(8, 2, 'approved', 30), review(7, 1, 'rejected', 10)];
  const versions = [version(2, 20, { task_id: 't' }), version(1, 0)];
  const changes = sinceSeen({ number: 1, state: 'AWAITING_APPROVAL' }, reviews, versions);
  expect(changes.map(({ key }) => key)).toEqual(['decision-8', 'version-2', 'decision-7']);
  expect(changes.map(({ isTask }) => isTask)).toEqual([false, true, false]);
  expect(changes[2]?.why).toBe('reason 7');
});

it('leaves out the decision that had led to what was seen, and all before it', () => {
  const reviews = [review(9, 1, 'published', 30), review(8, 1, 'approved', 20), review(7, 1, 'rejected', 10)];
  expect(keys({ number: 1, state: 'APPROVED' }, reviews, [version(1, 0)])).toEqual(['decision-9']);
});

it('leaves out decisions about older versions than the one that was seen', () =>
  expect(keys({ number: 3, state: 'AWAITING_APPROVAL' }, [review(5, 2, 'rejected', 5)], [version(3, 9)])).toEqual([]));

import { JobAudience, type Watcher } from './job-audience.js';
import type { FeedEvent } from './job.reader.js';

const watcher = (): Watcher => ({ listener: () => undefined, over: () => undefined });
const events = (...seqs: number[]) => seqs.map((seq) => ({ seq }) as FeedEvent);

/** What each of them gets. */
function taken(audience: JobAudience, read: FeedEvent[], watchers: readonly Watcher[]): number[][] {
  const { deliveries } = audience.take(read);
  return watchers.map((one) =>
    deliveries.filter(({ to }) => to.includes(one)).flatMap(({ events: some }) => some.map(({ seq }) => seq)),
  );
}

describe('the audience of a job', () => {
  it('hands those who stand at one place the very same events', () => {
    const audience = new JobAudience();
    const [first, second] = [watcher(), watcher()];
    expect([audience.join(first, 3), audience.join(second, 3)]).toEqual([true, false]);
    expect(audience.position).toBe(3);
    const { deliveries, again } = audience.take(events(4, 5));
    expect(deliveries).toEqual([{ to: [first, second], events: events(4, 5) }]);
    expect([audience.position, again]).toEqual([5, false]);
  });

  it('lets one that is further back catch up, and gives the others nothing twice', () => {
    const audience = new JobAudience();
    const [ahead, behind] = [watcher(), watcher()];
    audience.join(ahead, 5);
    expect(audience.join(behind, 2)).toBe(true);
    expect(audience.position).toBe(2);
    expect(taken(audience, events(3, 4, 5, 6), [ahead, behind])).toEqual([[6], [3, 4, 5, 6]]);
    expect(audience.position).toBe(6);
    expect(audience.take(events(7)).deliveries).toHaveLength(1);
  });

  it('lets the others catch up with one that is further ahead', () => {
    const audience = new JobAudience();
    const [behind, ahead] = [watcher(), watcher()];
    audience.join(behind, 2);
    expect(audience.join(ahead, 4)).toBe(false);
    expect(taken(audience, events(3), [behind, ahead])).toEqual([[3], []]);
    expect(taken(audience, events(4, 5), [behind, ahead])).toEqual([[4, 5], [5]]);
  });

  it('has the job read again for one that joined further back than was read', () => {
    const audience = new JobAudience();
    const [early, late] = [watcher(), watcher()];
    audience.join(early, 5);
    audience.join(late, 1);
    const { deliveries, again } = audience.take(events(6));
    expect([deliveries.length, again, audience.position]).toEqual([1, true, 1]);
    expect(taken(audience, events(2, 3, 4, 5, 6), [early, late])).toEqual([[], [2, 3, 4, 5, 6]]);
  });

  it('has the job read for one that comes when all who stood at one place have left', () => {
    const audience = new JobAudience();
    const [gone, ahead, next] = [watcher(), watcher(), watcher()];
    audience.join(gone, 5);
    audience.join(ahead, 9);
    audience.leave(gone);
    expect([audience.has(gone), audience.isEmpty, audience.position]).toEqual([false, false, 9]);
    expect(audience.join(next, 5)).toBe(true);
    expect(taken(audience, events(6, 7, 8, 9, 10), [ahead, next])).toEqual([[10], [6, 7, 8, 9, 10]]);
    audience.leave(ahead);
    audience.leave(next);
    expect(audience.isEmpty).toBe(true);
  });
});

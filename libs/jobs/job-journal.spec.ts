import { JobJournal } from './job-journal.js';
import type { AttemptNotes, AttemptStore } from './attempt.store.js';
import { gate } from './testing.js';

describe('the journal of an attempt', () => {
  it('keeps the order of what was reported, with the last progress where it was reported', async () => {
    const journal = journalOn(never);
    journal.log('info', 'one');
    journal.progress({ current: 1, total: 2 });
    journal.log('info', 'two');
    journal.progress({ current: 2, total: 2, message: 'done' });
    journal.log('info', 'three');
    const { events, progress } = await journal.close();
    expect(events.map(({ type, message }) => message ?? type)).toEqual(['one', 'two', 'done', 'three']);
    expect(progress).toEqual({ percent: 100, current: 2, total: 2, message: 'done' });
  });

  it('says how many lines it had to drop', async () => {
    const journal = journalOn(never);
    for (let line = 1; line <= 1_500; line += 1) journal.log('info', `line ${line}`);
    const { events } = await journal.close();
    expect(events).toHaveLength(1_001);
    expect(events[0]?.message).toContain('500 log lines were dropped');
    expect(events.at(-1)?.message).toBe('line 1500');
  });

  it('repeats a checkpoint while the database cannot be reached', async () => {
    let calls = 0;
    const journal = journalOn(() => {
      calls += 1;
      return calls < 3 ? Promise.reject(new Error('connect ECONNREFUSED')) : Promise.resolve(true);
    });
    await journal.checkpoint({ page: 1 });
    expect(calls).toBe(3);
  });

  it('does not repeat a checkpoint that the database refuses for its contents', async () => {
    const refused = Object.assign(new Error('out of range'), { code: '54000' });
    await expect(journalOn(() => Promise.reject(refused)).checkpoint({})).rejects.toBe(refused);
  });

  it('gives what a checkpoint could not write to the outcome when the attempt is stopped', async () => {
    const controller = new AbortController();
    const down = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const journal = journalOn(down, controller.signal, () => controller.abort(new Error('stopped')));
    journal.log('info', 'before');
    journal.progress({ current: 1, total: 2, message: 'half' });
    journal.log('info', 'after');
    await expect(journal.checkpoint({})).rejects.toThrow('stopped');
    const { events, progress } = await journal.close();
    expect(events.map(({ message }) => message)).toEqual(['before', 'half', 'after']);
    expect(progress).toMatchObject({ percent: 50 });
  });

  it('writes no newer line before a checkpoint that is being repeated', async () => {
    const written: (string | null | undefined)[] = [];
    let calls = 0;
    const failed = gate();
    const journal = journalOn((_attempt, { events }) => {
      calls += 1;
      if (calls === 1) {
        failed.open();
        return Promise.reject(new Error('connect ECONNREFUSED'));
      }
      written.push(...events.map(({ message }) => message));
      return Promise.resolve(true);
    });
    journal.log('info', 'older');
    const checkpoint = journal.checkpoint({});
    await failed.opened;
    journal.log('info', 'newer');
    await checkpoint;
    written.push(...(await journal.close()).events.map(({ message }) => message));
    expect(written).toEqual(['older', 'newer']);
  });

  /** A store that has not answered yet. */
  const never = () => new Promise<boolean>(() => undefined);

  function journalOn(
    append: (attempt: unknown, notes: AttemptNotes) => Promise<boolean>,
    signal = new AbortController().signal,
    onError: () => void = () => undefined,
  ): JobJournal {
    const ignore = () => undefined;
    return new JobJournal(
      { append } as unknown as AttemptStore,
      { id: 'j', fence: 1 },
      'worker:w',
      ignore,
      ignore,
      onError,
      signal,
    );
  }
});

import { Client } from 'pg';
import { testDatabase } from '@longhaul/persistence/testing';
import { isTerminal, jobStatuses, mayMove, terminalStatuses, transitions, type TransitionName } from './job-status.js';

describe('the state machine', () => {
  const names = Object.keys(transitions) as TransitionName[];

  /** Written out once more by hand: where each transition may start, and nowhere else. */
  const allowed: Record<TransitionName, string[]> = {
    submitted: [],
    started: ['PENDING'],
    succeeded: ['RUNNING'],
    failed: ['RUNNING'],
    retry_scheduled: ['RUNNING'],
    handed_over: ['RUNNING'],
    recovered: ['RUNNING'],
    cancelled: ['PENDING', 'RUNNING'],
    requeued: ['FAILED'],
    discarded: ['FAILED'],
  };

  it.each(names.flatMap((name) => jobStatuses.map((status) => ({ name, status }))))(
    '$name from $status is as the design says',
    ({ name, status }) => {
      expect(mayMove(status, name)).toBe(allowed[name].includes(status));
    },
  );

  it('never leaves a terminal status, but for the requeue of a FAILED job', () => {
    const leaving = names.flatMap((name) =>
      terminalStatuses
        .filter((status) => mayMove(status, name) && transitions[name].to !== status)
        .map((status) => `${name} from ${status}`),
    );
    expect(leaving).toEqual(['requeued from FAILED']);
  });

  it('reaches every status', () => {
    expect(new Set(names.map((name) => transitions[name].to))).toEqual(new Set(jobStatuses));
    expect(jobStatuses.filter(isTerminal)).toEqual([...terminalStatuses]);
  });

  it('has the statuses of the CHECK in the database', async () => {
    const database = await testDatabase();
    const client = new Client({ connectionString: database.ownerUrl });
    await client.connect();
    const { rows } = await client.query<{ definition: string }>(
      `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint
        WHERE conrelid = 'jobs'::regclass AND conname = 'jobs_status'`,
    );
    await client.end();
    await database.drop();
    const checked = [...(rows[0]?.definition ?? '').matchAll(/'([A-Z_]+)'/g)].map(([, status]) => status);
    expect(checked).toEqual([...jobStatuses]);
  });
});

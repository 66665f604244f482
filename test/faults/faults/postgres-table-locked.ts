import type { Fault } from '../fault.js';

/** Longer than the apps' lock_timeout and statement_timeout. */
const lockedMs = 12_000;
const slowMs = 8_000;

export const postgresTableLocked: Fault = {
  name: 'postgres-table-locked',
  title: 'LOCK TABLE jobs for 12 s, as a careless ALTER TABLE does; then every update of jobs takes 0.4 s for 8 s',
  backends: ['redis', 'postgres'],
  async inject({ stage, strike, pause }) {
    let unlock: () => Promise<void> = () => Promise.resolve();
    await strike({
      hit: async () => {
        unlock = await stage.lockTable('jobs');
      },
      heal: () => unlock(),
      lastsMs: lockedMs,
      blocks: true,
    });
    await pause(3_000);
    await strike({
      hit: () =>
        stage.sql(`
          CREATE FUNCTION faults_slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.4); RETURN NULL; END';
          CREATE TRIGGER faults_slow BEFORE UPDATE ON jobs FOR EACH STATEMENT EXECUTE FUNCTION faults_slow()`),
      heal: () => stage.sql('DROP FUNCTION faults_slow CASCADE'),
      lastsMs: slowMs,
      blocks: true,
    });
  },
};

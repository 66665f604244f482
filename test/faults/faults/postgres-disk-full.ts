import type { Fault } from '../fault.js';
import { ended } from '../stage/processes.js';

/** Segments of PostgreSQL's log (16 MB each) that are there before the disk is full: more than refused writes use up. */
const segmentsLaidIn = 5;
const lastsMs = 12_000;

/**
 * First the tables cannot grow: most writes get 53100 (disk full) and reads are served. That blocks jobs, but the
 * database is not lost: readiness may stay green, since nobody could be read from if every api were taken out of service.
 * Then the log cannot go on either: PostgreSQL panics, cannot recover on a full disk, and ends. It is started again once
 * there is room.
 */
export const postgresDiskFull: Fault = {
  name: 'postgres-disk-full',
  title: "PostgreSQL's disk full for 12 s: it refuses to write; then again, also for its log: it panics and ends",
  backends: ['redis', 'postgres'],
  needs: ['root', 'mount'],
  smallDisk: true,
  async inject({ stage, strike, until, pause }) {
    const { postgres, disk } = stage.servers;
    if (disk === undefined) throw new Error('This PostgreSQL has no disk of its own.');
    const pid = await postgres.pid();
    const nextSegment = () => stage.sql('SELECT txid_current(), pg_switch_wal()');
    for (let segment = 0; segment < segmentsLaidIn; segment += 1) await nextSegment();
    // It makes the segments that are done with the next ones.
    await stage.sql('CHECKPOINT');
    await strike({
      hit: () => disk.fill(),
      heal: async () => {
        await disk.clear();
        if (ended(pid)) throw new Error('PostgreSQL ended when it should only have refused to write.');
      },
      lastsMs,
      blocks: true,
    });
    await pause(3_000);
    await strike({
      hit: async () => {
        await disk.fill();
        const usesUpLog = () => postgres.admin((client) => client.query('SELECT txid_current(), pg_switch_wal()'));
        await until(async () => {
          await usesUpLog().catch(() => undefined);
          return ended(pid);
        }, 'the end of PostgreSQL');
      },
      heal: async () => {
        await disk.clear();
        await postgres.restart();
      },
      lastsMs,
      loses: 'database',
    });
  },
};

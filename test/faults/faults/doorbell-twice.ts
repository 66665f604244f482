import { randomUUID } from 'node:crypto';
import type { Random } from '../../support/random.js';
import type { Fault } from '../fault.js';
import { ForeignRinger, type ForgedDoorbell } from '../stage/doorbells.js';

const rounds = 20;
const pauseMs = 300;
/** Of the jobs that a round rings for. */
const jobsARound = 15;
const mostDelayMs = 3_000;

interface Rung {
  readonly id: string;
  readonly dispatch: number;
}

export const doorbellTwice: Fault = {
  name: 'doorbell-twice',
  title: 'every doorbell rung again and again: early and late, for ended jobs, and for jobs that never were',
  backends: ['redis', 'postgres'],
  async inject({ stage, random, strike, pause, until }) {
    const ringer = ForeignRinger.open(stage, 'fault_steps');
    let rung: ForgedDoorbell[] = [];
    try {
      for (let round = 0; round < rounds; round += 1) {
        // Those that are planned, run or have ended as much as those that wait.
        const jobs = await stage.sql<Rung>('SELECT id, dispatch FROM jobs ORDER BY created_at, id');
        const chosen = Array.from({ length: jobsARound }, () => random.pick(jobs));
        rung = [...chosen.flatMap((job) => doorbellsFor(job, random)), ofNobody()];
        await strike({ hit: () => ringer.ring(rung) });
        await pause(pauseMs);
      }
      await until(() => ringer.areDelivered(rung), 'the workers to take every doorbell');
    } finally {
      await ringer.close();
    }
  },
};

/** The same ring at once, the same later, and those of an earlier and a later dispatch. */
function doorbellsFor({ id, dispatch }: Rung, random: Random): ForgedDoorbell[] {
  const ring = (number: number, delayMs: number) => ({
    jobId: id,
    dispatch: number,
    bullId: `again-${randomUUID()}`,
    delayMs,
  });
  return [
    ring(dispatch, 0),
    ring(dispatch, random.whole(1, mostDelayMs)),
    ring(Math.max(0, dispatch - 1), 0),
    ring(dispatch + 1, random.whole(0, mostDelayMs)),
  ];
}

function ofNobody(): ForgedDoorbell {
  return { jobId: randomUUID(), dispatch: 1, bullId: `nobody-${randomUUID()}`, delayMs: 0 };
}

import type { Scene, Strike } from '../fault.js';

/** Jobs at the first strike, and at the second: enough to fill every slot, and soon done. */
const mostJobs = 100;
/** After a strike, the moment at which more jobs come. */
const midstMs = 1_000;

/**
 * Strikes in the middle of the work, and again when there is none, and has jobs come while it lasts. A worker with an
 * open slot goes on from the rows without any queue: only one that has none shows how long it takes to find back. For
 * faults that pace the load themselves.
 */
export async function busyAndIdle(scene: Scene, busy: Strike, idle: Strike): Promise<void> {
  const { stage, load, until } = scene;
  const part = Math.ceil(Math.min(mostJobs, load.size / 3));
  const count = async (condition: string) => {
    const [row] = await stage.sql<{ count: number }>(`SELECT count(*)::integer AS count FROM jobs WHERE ${condition}`);
    return row.count;
  };
  load.permit(part);
  await until(async () => (await count(`status = 'RUNNING'`)) > 0, 'running jobs');
  await strikeWithJobs(scene, busy, part);
  const allEnded = async () =>
    (await count('true')) >= 2 * part && (await count(`status IN ('PENDING', 'RUNNING')`)) === 0;
  await until(allEnded, 'the end of all jobs');
  await strikeWithJobs(scene, idle, part);
}

async function strikeWithJobs({ load, strike, pause }: Scene, blow: Strike, jobs: number): Promise<void> {
  const struck = strike(blow);
  await Promise.all([struck, pause(midstMs).then(() => load.permit(jobs))]);
}

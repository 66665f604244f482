import type { Scene, Strike } from '../fault.js';

/** After a strike, the moment at which more jobs come. */
const midstMs = 1_000;

/**
 * Strikes in the middle of the work, and again when there is none, and has jobs come while it lasts. A worker with an
 * open slot goes on from the rows without any queue: only one that has none shows how long it takes to find back. For
 * faults that pace the load themselves. Each strike finds a third of the jobs, or has them come; those that could not be
 * accepted before the heal did not meet it (see checks/met.ts).
 */
export async function busyAndIdle(scene: Scene, busy: Strike, idle: Strike): Promise<void> {
  const { stage, load, until } = scene;
  const part = Math.ceil(load.size / 3);
  const count = async (condition: string) => {
    const [row] = await stage.sql<{ count: number }>(`SELECT count(*)::integer AS count FROM jobs WHERE ${condition}`);
    return row.count;
  };
  load.permit(part);
  // Many wait in line by then, and the rest of them come while it lasts.
  const atWork = async () => (await count('true')) >= part / 2 && (await count(`status = 'RUNNING'`)) > 0;
  await until(atWork, 'running jobs, and others that wait');
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

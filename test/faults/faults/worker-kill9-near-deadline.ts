import type { JobMix } from '../load/job-mix.js';
import type { Fault, Scene } from '../fault.js';

const timeoutSeconds = 10;
const steps = 8;
const stepMs = 500;
/**
 * The reconciler ends jobs 15 s after their deadline (libs/jobs/recovery.ts): here 25 s after their start. A worker is
 * killed some 2 s after the start, so leases end at 18 s, with time to spare on a slow machine.
 */
const leaseSeconds = 16;
/** A restart so long after the kill lets leases count anew until some 28 s after the start, so past the deadline. */
const restartAfterMs = 10_000;
/** Fewer jobs at a time than the workers have slots, so that all of them begin together; those killed run alone next. */
const burst = 12;

const shortOfTime: JobMix = (random, index) => ({
  key: `job-${index}`,
  owner: random.whole(0, 3),
  delayMs: 0,
  cancelAfterMs: null,
  end: 'SUCCESS',
  attempts: 1,
  body: { task_type: 'fault_steps', steps, step_ms: stepMs, effects: true, timeout_seconds: timeoutSeconds },
});

export const workerKill9NearDeadline: Fault = {
  name: 'worker-kill9-near-deadline',
  title: 'kill -9 of a worker whose jobs pass their deadline while nobody has them; again with PostgreSQL restarted',
  backends: ['redis', 'postgres'],
  settings: { LEASE_SECONDS: String(leaseSeconds), HEARTBEAT_SECONDS: '1' },
  mix: shortOfTime,
  paced: 'by the fault',
  async inject(scene) {
    const { stage, strike, until, pause } = scene;
    const { postgres } = stage.servers;
    const open = () => stage.sql(`SELECT FROM jobs WHERE status IN ('PENDING', 'RUNNING')`);
    await killHalfway(scene);
    await until(async () => (await open()).length === 0, 'the end of all jobs');
    await killHalfway(scene);
    await pause(restartAfterMs);
    await strike({ hit: () => postgres.crash(), heal: () => postgres.restart(), loses: 'database' });
  },
};

/** Lets a burst of jobs come, and kills a worker that has done half of one of its own. */
async function killHalfway({ stage, load, random, strike, until }: Scene): Promise<void> {
  await Promise.all(stage.workers.map((worker) => worker.becomesReady()));
  load.permit(burst);
  const halfDone = () =>
    stage.sql<{ id: string }>(
      `SELECT id FROM jobs WHERE status = 'RUNNING' AND (checkpoint ->> 'done')::integer >= $1 ORDER BY id`,
      [steps / 2],
    );
  await until(async () => (await halfDone()).length > 0, 'a job to be half done');
  const { id } = random.pick(await halfDone());
  const worker = await stage.workerOf(id);
  if (worker === undefined) throw new Error(`The half done job ended too soon: ${id}.`);
  await strike({ hit: () => worker.kill('SIGKILL') });
}

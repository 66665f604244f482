import type { JobMix } from '../load/job-mix.js';
import type { Fault } from '../fault.js';

/** As many jobs at a time as the workers have slots, so that none of them waits. */
const burst = 20;
const timeoutSeconds = 1;

/** About as long as it may take: with what a start and an end cost, half of them are too late. */
const almostLate: JobMix = (random, index) => ({
  key: `job-${index}`,
  owner: random.whole(0, 3),
  delayMs: 0,
  cancelAfterMs: null,
  end: null,
  error: 'timeout',
  attempts: 1,
  body: {
    task_type: 'fault_steps',
    steps: 2,
    step_ms: timeoutSeconds * 500 - random.whole(0, 60),
    effects: true,
    timeout_seconds: timeoutSeconds,
  },
});

export const timeoutRace: Fault = {
  name: 'timeout-race',
  title: 'jobs whose time limit ends in the moment of their completion',
  backends: ['redis', 'postgres'],
  mix: almostLate,
  paced: 'by the fault',
  async inject({ stage, load, until }) {
    const count = (status: string) =>
      stage.sql('SELECT FROM jobs WHERE status = $1', [status]).then((rows) => rows.length);
    const ends = async () => (await count('SUCCESS')) + (await count('FAILED'));
    for (let permitted = burst; permitted < load.size + burst; permitted += burst) {
      load.permit(burst);
      await until(async () => (await ends()) >= Math.min(permitted, load.size), 'the ends of a burst');
    }
    // Else nothing was tested.
    await until(async () => (await count('SUCCESS')) > 0 && (await count('FAILED')) > 0, 'a race');
  },
};

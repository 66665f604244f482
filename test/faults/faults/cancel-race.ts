import type { JobMix } from '../load/job-mix.js';
import type { Fault } from '../fault.js';

const burst = 25;

/** A single short step with an effect: the effect says that the end is near. */
const almostDone: JobMix = (random, index) => ({
  key: `job-${index}`,
  owner: random.whole(0, 3),
  delayMs: 0,
  cancelAfterMs: null,
  end: null,
  attempts: null,
  body: { task_type: 'fault_steps', steps: 1, step_ms: random.whole(0, 20), effects: true },
});

export const cancelRace: Fault = {
  name: 'cancel-race',
  title: 'an admin cancels every job in the moment of its completion',
  backends: ['redis', 'postgres'],
  mix: almostDone,
  paced: 'by the fault',
  async inject({ stage, load, sink, random, until, pause }) {
    const cancelNext = () =>
      sink.onNextApplied(({ taskId }) => {
        cancelNext();
        void pause(random.whole(0, 20)).then(() => load.cancelNow(taskId));
      });
    cancelNext();
    const count = (status: string) =>
      stage.sql(`SELECT FROM jobs WHERE status = $1`, [status]).then((rows) => rows.length);
    for (let permitted = 0; permitted < load.size; permitted += burst) {
      load.permit(burst);
      await until(
        async () => (await count('SUCCESS')) + (await count('CANCELLED')) >= permitted,
        'the ends of a burst',
      );
    }
    await until(async () => (await count('SUCCESS')) + (await count('CANCELLED')) >= load.size, 'all ends');
    // Else nothing was tested.
    await until(async () => (await count('SUCCESS')) > 0 && (await count('CANCELLED')) > 0, 'a race');
  },
};

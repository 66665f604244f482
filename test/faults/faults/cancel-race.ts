import type { JobMix } from '../load/job-mix.js';
import type { Fault } from '../fault.js';

const burst = 25;
/** Bursts beside the planned ones. */
const mostFurther = 10;

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
    let permitted = 0;
    const play = async (jobs: number) => {
      load.permit(jobs);
      permitted += jobs;
      await until(
        async () => (await count('SUCCESS')) + (await count('CANCELLED')) >= permitted,
        'the ends of a burst',
      );
    };
    while (permitted < load.size) await play(Math.min(burst, load.size - permitted));
    // While one side has won every race, nothing was tested.
    for (let further = 0; further < mostFurther && (await hasOneWinner()); further += 1) await play(burst);
    if (await hasOneWinner()) throw new Error('One side won every race: nothing was tested.');

    async function hasOneWinner(): Promise<boolean> {
      return (await count('SUCCESS')) === 0 || (await count('CANCELLED')) === 0;
    }
  },
};

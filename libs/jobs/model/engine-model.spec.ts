import fc from 'fast-check';
import { productionRules } from './rules.js';
import { schedules } from './schedule.js';
import { play } from './play.js';

/** A failure is played again with MODEL_SEED set to the seed that was printed. */
const seed = Number(process.env.MODEL_SEED ?? Date.now() % 1_000_000);
const numRuns = Number(process.env.MODEL_RUNS ?? 100_000);

describe('the model of the engine', () => {
  it(`keeps its promises under ${numRuns} random schedules (MODEL_SEED=${seed})`, () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        play(schedule, productionRules);
      }),
      { seed, numRuns },
    );
  }, 120_000);
});

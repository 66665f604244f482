import type { Backend } from '../support/backends.js';
import type { Stage } from './stage/stage.js';

export interface Benchmark {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  readonly backends: readonly Backend[];
  /** Measures its cases by {@link Stage.compare}. Whatever it starts belongs to the stage, which ends it. */
  run(stage: Stage): Promise<void>;
}

import { FlakyProcessor } from './flaky.processor.js';
import { NoopProcessor } from './noop.processor.js';
import { ProgressProcessor } from './progress.processor.js';
import { TicksProcessor } from './ticks.processor.js';

/** Their handlers by name. */
export const benchProcessors = {
  noop: NoopProcessor,
  progress: ProgressProcessor,
  ticks: TicksProcessor,
  flaky: FlakyProcessor,
};

import { NoopProcessor } from './noop.processor.js';

/** Their handlers by name. */
export const benchProcessors = { noop: NoopProcessor };

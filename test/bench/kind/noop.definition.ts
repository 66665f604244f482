import { defineKind } from '@longhaul/jobs';
import { NoopInput } from './noop.dto.js';

/** Ends at once: what is left is the cost of the engine. */
export const noop = defineKind({
  name: 'noop',
  title: 'Nothing',
  description: 'Does nothing, and succeeds.',
  input: NoopInput,
  example: { n: 1 },
  timeoutSeconds: 600,
  maxAttempts: 4,
  errorCodes: {},
});

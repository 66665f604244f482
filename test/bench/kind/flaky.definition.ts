import { defineKind } from '@longhaul/jobs';
import { FlakyInput } from './flaky.dto.js';

export const flaky = defineKind({
  name: 'flaky',
  title: 'Failures',
  description: 'Fails at once in a way that is retried, and succeeds at last.',
  input: FlakyInput,
  example: {},
  timeoutSeconds: 600,
  maxAttempts: 4,
  errorCodes: { asked_to_fail: 'The attempt failed because `failures` asked for it.' },
});

import { defineKind } from '@longhaul/jobs';
import { ProgressInput } from './progress.dto.js';

export const progress = defineKind({
  name: 'progress',
  title: 'Progress',
  description: 'Reports progress as fast as it can.',
  input: ProgressInput,
  example: {},
  timeoutSeconds: 600,
  maxAttempts: 1,
  errorCodes: {},
});

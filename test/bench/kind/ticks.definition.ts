import { defineKind } from '@longhaul/jobs';
import { TicksInput } from './ticks.dto.js';

export const ticks = defineKind({
  name: 'ticks',
  title: 'Ticks',
  description: 'Logs a line at even intervals.',
  input: TicksInput,
  example: {},
  timeoutSeconds: 3600,
  maxAttempts: 1,
  errorCodes: {},
});

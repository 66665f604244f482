import { defineKind } from '@longhaul/jobs';
import { FaultStepsInput } from './fault-steps.dto.js';

/** The kind that the fault harness submits. */
export const faultSteps = defineKind({
  name: 'fault_steps',
  title: 'Steps with effects',
  description: 'Goes through steps; each may have an outside effect, reports progress and stores a checkpoint.',
  input: FaultStepsInput,
  example: {},
  timeoutSeconds: 600,
  maxAttempts: 4,
  errorCodes: {
    asked_to_fail: 'The attempt failed because `fail_attempts` asked for it.',
    stale_effect: 'The receiver of an effect has heard of a newer attempt.',
  },
});

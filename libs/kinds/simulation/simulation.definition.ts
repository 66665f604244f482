import { defineKind } from '@longhaul/jobs';
import { SimulationInput } from './simulation.dto.js';

export const simulation = defineKind({
  name: 'simulation',
  title: 'Simulation',
  description:
    'Runs for a given time in equal steps, and fails as often as it is told: for demonstration, load and faults.',
  input: SimulationInput,
  example: { duration: 5, steps: 10 },
  // The longest simulation takes an hour; the rest is for its way through a busy worker.
  timeoutSeconds: 3900,
  maxAttempts: 4,
  errorCodes: { simulated_failure: 'The attempt failed because `fail_probability` asked for it.' },
});

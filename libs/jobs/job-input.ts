import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { PermanentError } from './job-errors.js';
import type { KindDefinition } from './kind.js';

/**
 * The stored input as the kind's class, with defaults filled in. It was checked at submit, but the kind may have
 * changed since.
 * @throws PermanentError `invalid_input`.
 */
export function parseInput<Input extends object>(kind: KindDefinition<Input>, stored: Record<string, unknown>): Input {
  const input = plainToInstance(kind.input, stored, { exposeDefaultValues: true });
  const [problem] = validateSync(input, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  if (problem === undefined) return input;
  const why = Object.values(problem.constraints ?? {})[0] ?? 'is not valid';
  throw new PermanentError('invalid_input', `${problem.property}: ${why}`);
}

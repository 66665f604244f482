import type { ValidationError } from 'class-validator';
import { escapePointer } from '../http/json-hygiene.js';
import { maxFieldErrors, type FieldError } from '../problems/problem.js';

/** Flattens class-validator's tree into pointers; stops at the most that an answer shows. */
export function fieldErrors(errors: readonly ValidationError[], parent = ''): FieldError[] {
  const found: FieldError[] = [];
  for (const error of errors) {
    if (found.length >= maxFieldErrors) break;
    const pointer = `${parent}/${escapePointer(error.property)}`;
    for (const [rule, message] of Object.entries(error.constraints ?? {})) {
      found.push({ pointer, detail: rule === 'whitelistValidation' ? 'is not a known field' : message.slice(0, 300) });
    }
    found.push(...fieldErrors(error.children ?? [], pointer));
  }
  return found.slice(0, maxFieldErrors);
}

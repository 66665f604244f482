import type { ValidationError } from 'class-validator';
import { escapePointer } from '../http/json-hygiene.js';
import { maxFieldErrors, type FieldError } from '../problems/problem.js';

/** Flattens class-validator's tree into pointers; stops at the most that an answer shows. */
export function fieldErrors(errors: readonly ValidationError[], parent = ''): FieldError[] {
  const found: FieldError[] = [];
  for (const error of errors) {
    if (found.length >= maxFieldErrors) break;
    const pointer = `${parent}/${escapePointer(error.property)}`;
    const constraints = Object.entries(error.constraints ?? {});
    // A field that is missing breaks every rule it has, and none of them says so.
    if (error.value === undefined && constraints.length > 0) found.push({ pointer, detail: 'is required' });
    // And so does what should be a list, and is none.
    else if (error.constraints?.isArray !== undefined) found.push({ pointer, detail: error.constraints.isArray });
    else for (const [rule, message] of constraints) found.push({ pointer, detail: detailOf(rule, message) });
    found.push(...fieldErrors(error.children ?? [], pointer));
  }
  return found.slice(0, maxFieldErrors);
}

function detailOf(rule: string, message: string): string {
  return rule === 'whitelistValidation' ? 'is not a known field' : message.slice(0, 300);
}

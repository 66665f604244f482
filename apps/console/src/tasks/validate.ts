import { Validator, type OutputUnit } from '@cfworker/json-schema';
import { texts } from '../texts.js';
import { Problem } from '../api/problem.js';

/** What is wrong, by the name of the field. */
export type FieldErrors = Readonly<Record<string, string>>;

/** Judges a body by the schema that the server gives out. */
export function validate(schema: object, body: object): FieldErrors {
  const { errors } = new Validator(schema, '2020-12', false).validate(body);
  const found: Record<string, string> = {};
  for (const error of errors) {
    const name = fieldOf(error);
    if (name !== null) found[name] ??= messageOf(error, schema);
  }
  return found;
}

/** The first part of `#/field/0`, or the field that is missing. */
function fieldOf({ instanceLocation, keyword, error }: OutputUnit): string | null {
  if (keyword === 'properties' || keyword === 'items') return null;
  const [, field] = instanceLocation.split('/');
  if (field !== undefined) return unescape(field);
  return keyword === 'required' ? (/"([^"]+)"/.exec(error)?.[1] ?? null) : null;
}

const messages: Readonly<Record<string, (limit: never) => string>> = {
  type: texts.validation.type,
  minLength: texts.validation.minLength,
  maxLength: texts.validation.maxLength,
  minimum: texts.validation.minimum,
  maximum: texts.validation.maximum,
  minItems: texts.validation.minItems,
  maxItems: texts.validation.maxItems,
  format: texts.validation.format,
  required: () => texts.validation.required,
  enum: () => texts.validation.enum,
  pattern: () => texts.validation.pattern,
  uniqueItems: () => texts.validation.uniqueItems,
};

function messageOf({ keyword, keywordLocation }: OutputUnit, schema: object): string {
  const message = messages[keyword];
  return message === undefined ? texts.validation.other : message(at(schema, keywordLocation) as never);
}

/** What stands at `#/properties/a/minLength`. */
function at(schema: unknown, location: string): unknown {
  return location
    .split('/')
    .slice(1)
    .reduce<unknown>((place, part) => (place as Record<string, unknown> | undefined)?.[unescape(part)], schema);
}

function unescape(part: string): string {
  return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
}

/** What the server said of fields. */
export function errorsOf(problem: unknown): FieldErrors {
  if (!(problem instanceof Problem)) return {};
  const errors = (problem.document.errors ?? []).map(({ pointer, detail }) => [pointer.split('/')[1] ?? '', detail]);
  return Object.fromEntries(errors) as FieldErrors;
}

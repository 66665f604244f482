import { Transform } from 'class-transformer';
import { registerDecorator, ValidateIf, type ValidationOptions } from 'class-validator';

/** The field may be left out; unlike IsOptional, null is a value, and mostly a wrong one. */
export const IfGiven = () => ValidateIf((_object: object, value: unknown) => value !== undefined);

/** A query parameter that is a whole number: digits alone become one ("10abc", "1e3", "" and "0x5" do not). */
export const FromDigits = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
  );

/** A query parameter that is a comma-separated list. */
export const FromList = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value));

const rfc3339 =
  /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Reads an RFC 3339 time with its offset; null when it is none, or names a day that does not exist. */
export function parseTime(text: string): Date | null {
  const day = rfc3339.exec(text)?.[1];
  if (day === undefined) return null;
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return null;
  return new Date(text.toUpperCase());
}

/** A time by RFC 3339 with an offset, such as `2026-01-31T12:00:00Z`. */
export const IsTime = (options?: ValidationOptions) => (target: object, propertyName: string) =>
  registerDecorator({
    name: 'isTime',
    target: target.constructor,
    propertyName,
    options: { message: `${propertyName} must be a time with an offset, like 2026-01-31T12:00:00Z`, ...options },
    validator: { validate: (value: unknown) => typeof value === 'string' && parseTime(value) !== null },
  });

/** A text of at most so many bytes in UTF-8. */
export const MaxBytes = (bytes: number) => (target: object, propertyName: string) =>
  registerDecorator({
    name: 'maxBytes',
    target: target.constructor,
    propertyName,
    options: { message: `${propertyName} must be at most ${bytes} bytes in UTF-8` },
    validator: { validate: (value: unknown) => typeof value === 'string' && Buffer.byteLength(value) <= bytes },
  });

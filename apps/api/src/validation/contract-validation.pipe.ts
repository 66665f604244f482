import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { checkJsonHygiene, escapePointer, isStorable } from '../http/json-hygiene.js';
import { invalidBody, Problem, type FieldError } from '../problems/problem.js';
import { fieldErrors } from './field-errors.js';

/** Nothing but what a DTO declares gets through. */
/** A class without any rule is not an unknown value here: a kind may take no input at all. */
const strict = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false } as const;

/** Checks bodies (422) and queries (400) against the DTO class of the parameter. */
@Injectable()
export class ContractValidationPipe implements PipeTransform {
  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    if (type === 'body') return this.body(value, metatype);
    if (type === 'query' && isDto(metatype)) return this.query(value as Record<string, unknown>, metatype);
    return value;
  }

  private async body(value: unknown, metatype: Type | undefined): Promise<unknown> {
    if (value === undefined) throw new Problem('malformed_json', 'A JSON body is needed.');
    // The items of an array are refused one by one, so their route checks each of them.
    if (!Array.isArray(value)) checkJsonHygiene(value);
    if (!isDto(metatype)) return value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw invalidBody([{ pointer: '', detail: 'must be an object' }]);
    }
    const { instance, errors } = await checkAgainst(metatype, value as Record<string, unknown>);
    if (errors.length > 0) throw invalidBody(errors);
    return instance;
  }

  private async query(value: Record<string, unknown>, metatype: Type): Promise<unknown> {
    const broken = Object.entries(value).flatMap(([name, given]): FieldError[] => {
      const pointer = `/${escapePointer(name)}`;
      if (typeof given !== 'string') return [{ pointer, detail: 'must be given once' }];
      return isStorable(given) && isStorable(name)
        ? []
        : [{ pointer: '', detail: 'contains a character that cannot be stored' }];
    });
    const checked =
      broken.length > 0
        ? { instance: undefined, errors: broken }
        : await checkAgainst(metatype as Type<object>, { ...value });
    const { errors } = checked;
    if (errors.length > 0) throw new Problem('invalid_query', 'The query does not fit; see errors.', { errors });
    return checked.instance;
  }
}

/**
 * Makes an instance of a DTO with its defaults, and names everything wrong with it.
 * @param value JSON that passed checkJsonHygiene, or a flat query.
 */
export async function checkAgainst<T extends object>(
  dto: Type<T>,
  value: Record<string, unknown>,
): Promise<{ instance: T; errors: FieldError[] }> {
  const magic: FieldError[] = [];
  const plain = withoutMagicKeys(value, '', magic) as Record<string, unknown>;
  const instance = plainToInstance(dto, plain, { exposeDefaultValues: true });
  return { instance, errors: [...magic, ...fieldErrors(await validate(instance, strict))] };
}

/** class-transformer calls `value.constructor` and drops such keys silently; no DTO has a field of these names. */
function withoutMagicKeys(value: unknown, pointer: string, errors: FieldError[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withoutMagicKeys(item, `${pointer}/${index}`, errors));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => {
    const isMagic = key === 'constructor' || key === 'prototype';
    if (isMagic) errors.push({ pointer: `${pointer}/${key}`, detail: 'is not a known field' });
    return !isMagic;
  });
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, withoutMagicKeys(inner, `${pointer}/${escapePointer(key)}`, errors)]),
  );
}

function isDto(metatype: Type | undefined): metatype is Type<object> {
  const builtin: unknown[] = [undefined, Object, String, Number, Boolean, Array];
  return !builtin.includes(metatype);
}

import type { ApiDocument, Schema } from './api-description.js';
import type { Random } from '../../support/random.js';

type Json = Record<string, unknown>;

/** Makes values that fit a schema. */
export class GoodValues {
  constructor(
    private readonly document: ApiDocument,
    private readonly random: Random,
    /** ETags of content, by its id. */
    private readonly etags: ReadonlyMap<string, string>,
  ) {}

  /** A small number that a version may have, or not quite. */
  versionNumber(): string {
    return String(this.random.whole(1, 4));
  }

  /** The schema that a reference names. */
  resolve(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const steps = schema.$ref.slice(2).split('/');
    return this.resolve(steps.reduce((at: unknown, key) => (at as Json)[key], this.document) as Schema);
  }

  of(given: Schema): unknown {
    const schema = this.resolve(given);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return this.random.pick(schema.enum);
    const choices = schema.oneOf ?? schema.anyOf;
    if (choices !== undefined) return this.of(this.random.pick(choices));
    const [type = 'null'] = [schema.type].flat();
    switch (type) {
      case 'object':
        return this.object(schema);
      case 'array':
        return Array.from({ length: Math.max(schema.minItems ?? 0, 1) }, () => this.of(schema.items ?? {}));
      case 'string':
        return this.string(schema);
      case 'integer':
        return this.random.whole(schema.minimum ?? 0, Math.min(schema.maximum ?? 1_000, 1_000));
      case 'number':
        return schema.minimum ?? 0.5;
      case 'boolean':
        return this.random.chance(0.5);
      default:
        return null;
    }
  }

  /** All that is required, and some of the rest. */
  private object(schema: Schema): Json {
    const value: Json = {};
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (schema.required?.includes(name) || this.random.chance(0.4)) value[name] = this.of(property);
    }
    if (schema.properties === undefined) value.note = 'free';
    const etag = this.etags.get(String(value.content_id));
    if (etag !== undefined && 'etag' in value) value.etag = etag;
    return value;
  }

  private string(schema: Schema): string {
    if (schema.format === 'date-time')
      return this.random.pick(['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.123+02:00']);
    if (schema.format === 'uuid')
      return this.random.pick(['01980000-0000-7000-8000-000000000000', ...this.etags.keys()]);
    const examples = [schema.example, ...(schema.examples ?? [])].filter((text) => typeof text === 'string');
    if (examples.length > 0) return this.random.pick(examples);
    if (schema.pattern !== undefined) return 'simulation';
    return 'word'.padEnd(schema.minLength ?? 0, 'x').slice(0, schema.maxLength);
  }
}

/** A JSON Schema as far as it is looked into here. */
export type JsonSchema = Record<string, unknown>;

const prefix = '#/components/schemas/';

/** Reference to a schema of the document. */
export function refTo(name: string): { $ref: string } {
  return { $ref: `${prefix}${name}` };
}

/** A schema with every reference replaced by what it names; none of our schemas contains itself. */
export function inlineSchema(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return inline(schema, schemas) as JsonSchema;
}

function inline(value: unknown, schemas: Readonly<Record<string, JsonSchema>>): unknown {
  if (Array.isArray(value)) return value.map((item) => inline(item, schemas));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...rest } = value as JsonSchema;
  const target = typeof $ref === 'string' ? schemas[$ref.slice(prefix.length)] : undefined;
  const whole = target === undefined ? (value as JsonSchema) : { ...target, ...rest };
  return Object.fromEntries(Object.entries(whole).map(([key, inner]) => [key, inline(inner, schemas)]));
}

import type { OpenAPIObject } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';
import type { KindDefinition } from '@longhaul/jobs';
import { refTo, type JsonSchema } from './json-schema.js';

type RequestBody = NonNullable<NonNullable<OpenAPIObject['paths'][string]['post']>['requestBody']>;

/** Name of the schema of a kind's submit body: `SubmitWebScrape`. */
export function submitSchemaName(kind: string): string {
  return `Submit${kind.replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase())}`;
}

/** Adds one flat schema a kind, made of the common fields and the kind's own, and `SubmitTask`, which is one of them. */
export function addSubmitSchemas(document: OpenAPIObject, kinds: readonly KindDefinition[]): void {
  const schemas = (document.components ??= {}).schemas as Record<string, JsonSchema>;
  const common = propertiesOf(schemas.CommonFieldsDto);
  const mapping: Record<string, string> = {};
  for (const kind of kinds) {
    const own = schemas[kind.input.name];
    schemas[submitSchemaName(kind.name)] = {
      type: 'object',
      title: kind.title,
      description: kind.description,
      additionalProperties: false,
      required: ['task_type', ...requiredOf(own)],
      properties: {
        task_type: { type: 'string', const: kind.name },
        ...withIntegers(kind, propertiesOf(own)),
        ...common,
      },
      examples: [{ task_type: kind.name, ...kind.example }],
    };
    mapping[kind.name] = refTo(submitSchemaName(kind.name)).$ref;
  }
  schemas.SubmitTask = {
    oneOf: kinds.map((kind) => refTo(submitSchemaName(kind.name))),
    discriminator: { propertyName: 'task_type', mapping },
  };
  delete schemas.CommonFieldsDto;
  for (const kind of kinds) delete schemas[kind.input.name];
  describeBodies(document, kinds);
}

function describeBodies(document: OpenAPIObject, kinds: readonly KindDefinition[]): void {
  const examples = kinds.map(({ name, title, example }) => [
    name,
    { summary: title, value: { task_type: name, ...example } },
  ]);
  const body = (schema: object, all: object) =>
    ({ required: true, content: { 'application/json': { schema, examples: all } } }) as RequestBody;
  const items = kinds.map(({ name, example }) => ({ task_type: name, ...example }));
  const submit = document.paths['/tasks']?.post;
  const batch = document.paths['/tasks/batch']?.post;
  if (submit) submit.requestBody = body(refTo('SubmitTask'), Object.fromEntries(examples) as object);
  if (batch) {
    // Items are refused one by one, so anything may stand in the array.
    const schema = { type: 'array', minItems: 1, maxItems: 1_000, items: { anyOf: [refTo('SubmitTask'), {}] } };
    batch.requestBody = body(schema, { all: { summary: 'One of each type', value: items } });
  }
}

/** The compiler plugin takes every number for a `number`; class-validator knows which are whole. */
function withIntegers({ input }: KindDefinition, properties: JsonSchema): JsonSchema {
  const rules = getMetadataStorage().getTargetValidationMetadatas(input, '', false, false);
  const whole = new Set(rules.filter(({ name }) => name === 'isInt').map(({ propertyName }) => propertyName));
  const entries = Object.entries(properties as Record<string, JsonSchema>);
  return Object.fromEntries(
    entries.map(([name, schema]) => [name, whole.has(name) ? { ...schema, type: 'integer' } : schema]),
  );
}

function propertiesOf(schema: JsonSchema | undefined): JsonSchema {
  return (schema?.properties ?? {}) as JsonSchema;
}

/** What has a default may be left out. */
function requiredOf(schema: JsonSchema | undefined): string[] {
  const properties = propertiesOf(schema) as Record<string, JsonSchema>;
  return ((schema?.required ?? []) as string[]).filter((name) => properties[name]?.default === undefined);
}

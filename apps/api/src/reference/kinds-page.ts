import type { KindDefinition } from '@longhaul/jobs';
import { definitions } from '@longhaul/kinds';
import type { JsonSchema } from '../openapi/json-schema.js';
import { code, generated, jsonBlock, table } from './markdown.js';

/** Every task type with its fields, an example, defaults and the codes of its errors. */
export function kindsPage(submitSchemas: ReadonlyMap<string, JsonSchema>): string {
  return `${generated}

# Task types

What \`POST /tasks\` takes: one flat object, whose \`task_type\` says what the other fields are. \`GET /task-types\` returns the
same with the whole JSON Schema of each.

${definitions.map((kind) => section(kind, submitSchemas.get(kind.name) ?? {})).join('\n\n')}
`;
}

function section(kind: KindDefinition, schema: JsonSchema): string {
  const fields = Object.entries(schema.properties as Record<string, JsonSchema>);
  const required = schema.required as readonly string[];
  return `## ${kind.name}

${kind.description}

${table(
  ['field', 'type', 'default', 'meaning'],
  fields.map(([name, field]) => [code(name), typeOf(field), defaultOf(name, field, kind, required), meaningOf(field)]),
)}

An example:

${jsonBlock({ task_type: kind.name, ...kind.example })}

Codes of its errors, besides [those of every task](errors.md#errors-of-every-task): ${Object.keys(kind.errorCodes).map(code).join(', ')}.`;
}

function typeOf({ type, format, const: only }: JsonSchema): string {
  if (typeof only === 'string') return code(only);
  return format === 'date-time' ? 'time' : String(type);
}

function defaultOf(name: string, field: JsonSchema, kind: KindDefinition, required: readonly string[]): string {
  if (required.includes(name)) return 'required';
  const common: Record<string, unknown> = { timeout_seconds: kind.timeoutSeconds, max_attempts: kind.maxAttempts };
  const value = field.default ?? common[name];
  return value === undefined ? '' : code(JSON.stringify(value));
}

function meaningOf({ description = '', minimum, maximum, minLength = 0, maxLength, ...more }: JsonSchema): string {
  const values = Array.isArray(more.enum)
    ? [`One of ${more.enum.map((value) => code(String(value))).join(', ')}.`]
    : [];
  const range = minimum === undefined || maximum === undefined ? [] : [`${Number(minimum)} to ${Number(maximum)}.`];
  const most = maxLength === undefined ? [] : [`${Number(maxLength)} characters`];
  const length = most.map((text) => (Number(minLength) > 1 ? `${Number(minLength)} to ${text}.` : `At most ${text}.`));
  return [String(description), ...values, ...range, ...length].join(' ').trim();
}

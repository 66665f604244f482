import type { OpenAPIObject } from '@nestjs/swagger';
import { problemCodes } from '../problems/problem-codes.js';
import { refTo } from './json-schema.js';
import { notes, type OperationNotes } from './operation-notes.js';
import { headers, parameters } from './wire-headers.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Responses = Record<string, object>;
type Components = NonNullable<OpenAPIObject['components']>;

const methods = ['get', 'post', 'patch', 'put', 'delete'] as const;

/** Adds to each operation what decorators would say over and over: its errors, headers and security. */
export function describeOperations(document: OpenAPIObject): void {
  const local = document.components?.securitySchemes?.password !== undefined;
  document.components = {
    ...document.components,
    headers: headers as unknown as Components['headers'],
    responses: problemResponses(),
  };
  closeSchemas(document);
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (operation) describe(operation, path, method, notes[`${method} ${path}`] ?? {}, local);
    }
  }
}

function describe(operation: Operation, path: string, method: string, note: OperationNotes, local: boolean): void {
  operation.operationId = operationId(method, path);
  operation.security = note.public ? [] : [{ bearer: [] }, ...(local ? [{ password: [] }] : [])];
  const known = note.parameters ?? [];
  operation.parameters = [
    // Header parameters are described in one place, with their formats.
    ...(operation.parameters ?? []).filter((parameter) => !('in' in parameter) || parameter.in !== 'header'),
    ...known.map((name) => parameters[name]),
  ] as Operation['parameters'];
  const success = { ...(operation.responses as Responses), ...note.responses };
  for (const [status, response] of Object.entries(success)) {
    success[status] = withHeaders(response, [...(note.headers?.[status] ?? []), 'X-Request-Id', ...limitHeaders(path)]);
  }
  const problems = problemStatuses(path, method, operation, note).map((status) => [
    String(status),
    { $ref: `#/components/responses/Problem${status}` },
  ]);
  operation.responses = { ...success, ...Object.fromEntries(problems) } as Operation['responses'];
}

function problemStatuses(path: string, method: string, operation: Operation, note: OperationNotes): number[] {
  return [
    ...[400, 408, 431, 500, 503],
    ...(note.public ? [] : [401]),
    ...(path.startsWith('/health') ? [] : [429]),
    ...(path.includes('{') ? [404] : []),
    ...(path.startsWith('/tasks/{id}') ? [410] : []),
    ...(method === 'get' ? [] : [413, 415]),
    ...(operation.requestBody === undefined ? [] : [422]),
    ...(note.problems ?? []),
  ].sort((a, b) => a - b);
}

function limitHeaders(path: string): string[] {
  return path.startsWith('/health') ? [] : ['RateLimit', 'RateLimit-Policy'];
}

function withHeaders(response: object, names: readonly string[]): object {
  const refs = names.map((name) => [name, { $ref: `#/components/headers/${name}` }]);
  return { ...response, headers: Object.fromEntries(refs) as object };
}

/** One response a status; its codes are those of the table. */
function problemResponses(): Record<string, never> {
  const byStatus = Map.groupBy(Object.entries(problemCodes), ([, { status }]) => status);
  const responses = [...byStatus].map(([status, kinds]) => {
    const extra = [
      ...(status === 401 ? ['WWW-Authenticate'] : []),
      ...(status === 429 || status === 503 ? ['Retry-After'] : []),
      'X-Request-Id',
    ];
    const response = {
      description: kinds.map(([code, { meaning }]) => `\`${code}\`: ${meaning}`).join('\n\n'),
      content: { 'application/problem+json': { schema: refTo('ProblemDto') } },
    };
    return [`Problem${status}`, withHeaders(response, extra)];
  });
  return Object.fromEntries(responses) as Record<string, never>;
}

/** Answers hold exactly the fields that are described. */
function closeSchemas(document: OpenAPIObject): void {
  for (const schema of Object.values(document.components?.schemas ?? {})) {
    if ('properties' in schema && schema.additionalProperties === undefined) schema.additionalProperties = false;
  }
}

function operationId(method: string, path: string): string {
  const words = path.replace(/[{}]/g, '').split(/[/_-]/).filter(Boolean);
  return method + words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

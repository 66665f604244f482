import { refTo } from './json-schema.js';
import type { headers, parameters } from './wire-headers.js';

/** What the code of an operation cannot tell. */
export interface OperationNotes {
  readonly public?: boolean;
  /** Request headers. */
  readonly parameters?: readonly (keyof typeof parameters)[];
  /** Response headers by status. */
  readonly headers?: Readonly<Record<string, readonly (keyof typeof headers)[]>>;
  /** Statuses of errors, besides those that follow from its path, body and security. */
  readonly problems?: readonly number[];
  readonly responses?: Readonly<Record<string, object>>;
}

const eventStream = (description: string) => ({
  description,
  content: { 'text/event-stream': { schema: { type: 'string' } } },
});
const batchItem = { oneOf: [refTo('TaskDto'), refTo('ProblemDto')] };
const accepted = ['Location', 'Operation-Location', 'Retry-After', 'ETag'] as const;

const publicNotes = (more: readonly 'Link'[] = []): OperationNotes => ({
  public: true,
  parameters: ['If-None-Match'],
  headers: { 200: ['ETag', ...more], 304: ['ETag', ...more] },
  responses: { 304: { description: 'What If-None-Match names is current.' } },
});

/** By method and path, as in the document. */
export const notes: Readonly<Record<string, OperationNotes>> = {
  'post /tasks': {
    parameters: ['Idempotency-Key', 'Prefer'],
    headers: { 202: [...accepted, 'Idempotency-Replayed', 'Preference-Applied'] },
  },
  'post /tasks/batch': {
    parameters: ['Idempotency-Key'],
    headers: { 200: ['Retry-After'] },
    responses: {
      200: {
        description: 'One answer an item, in order: a task or a problem. `Retry-After` when items met a limit.',
        content: { 'application/json': { schema: { type: 'array', items: batchItem } } },
      },
    },
  },
  'get /tasks': { problems: [403], headers: { 200: ['Link'] } },
  'get /tasks/{id}': {
    parameters: ['Prefer', 'If-None-Match'],
    headers: {
      200: ['ETag', 'Retry-After', 'Preference-Applied', 'Queue-Position'],
      304: ['ETag', 'Retry-After', 'Preference-Applied', 'Queue-Position'],
    },
    responses: { 304: { description: 'The state named by If-None-Match is current.' } },
  },
  'delete /tasks/{id}': { problems: [403, 409] },
  'post /tasks/{id}/retry': { problems: [403, 409], headers: { 202: accepted } },
  'post /tasks/{id}/discard': { problems: [403, 409] },
  'get /admin/failed': { problems: [403], headers: { 200: ['Link'] } },
  'get /admin/failed/{fingerprint}': { problems: [403], headers: { 200: ['Link'] } },
  'post /admin/failed/{fingerprint}/retry': { problems: [403, 409] },
  'post /admin/failed/{fingerprint}/discard': { problems: [403] },
  'get /admin/signals': { problems: [403] },
  'get /tasks/{id}/logs': { headers: { 200: ['Link'] } },
  'get /tasks/{id}/events': { headers: { 200: ['Link'] } },
  'get /tasks/{id}/stream': {
    parameters: ['Last-Event-ID'],
    headers: { 200: ['Set-Cookie'] },
    responses: {
      200: eventStream('Unnamed events; `data` is a StreamEventDto, `id` its seq.'),
      204: { description: 'The client has seen the end of the task.' },
    },
  },
  'get /tasks/stream': {
    parameters: ['Last-Event-ID'],
    problems: [403],
    responses: {
      200: eventStream(
        'First `{"type":"snapshot","tasks":[…]}`, then unnamed events; `data` is a StreamEventDto, `id` is opaque.',
      ),
    },
  },
  'get /public/posts': publicNotes(['Link']),
  'get /public/posts/{slug}': publicNotes(),
  'get /public/search': publicNotes(['Link']),
  'post /auth/token': { public: true, problems: [401] },
  'post /auth/logout': { public: true },
  'get /auth/jwks': { public: true },
  'get /health/live': { public: true },
  'get /health/ready': { public: true },
};

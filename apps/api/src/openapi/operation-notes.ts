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
const bulkItem = { oneOf: [refTo('ContentSummaryDto'), refTo('ProblemDto')] };
const exported = (type: string) => ({ [type]: { schema: { type: 'string' } } });
/** A decision or an edit. */
const change = (...problems: number[]) => ({
  parameters: ['If-Match'] as const,
  headers: { 200: ['ETag'] as const },
  problems: [409, 412, 428, ...problems],
});
const session = { problems: [401, 403], headers: { 200: ['Set-Cookie'] as const } };
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
  'get /tasks/counts': { problems: [403] },
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
  'post /admin/queue-tickets': { problems: [403] },
  'get /admin/overview': { problems: [403] },
  'get /admin/actions': { problems: [403], headers: { 200: ['Link'] } },
  'get /admin/users': { problems: [403, 409], headers: { 200: ['Link'] } },
  'post /admin/users': { problems: [403, 409] },
  'patch /admin/users/{id}': { problems: [403, 409] },
  'post /admin/users/{id}/password': { problems: [403, 409] },
  'post /admin/kinds/{task_type}/pause': { problems: [403] },
  'post /admin/kinds/{task_type}/resume': { problems: [403] },
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
  'get /content': { problems: [403], headers: { 200: ['Link'] } },
  'get /content/{id}': { headers: { 200: ['ETag'] } },
  'patch /content/{id}': change(),
  'get /content/{id}/versions': { headers: { 200: ['Link'] } },
  'get /content/{id}/versions/{number}': { headers: { 200: ['ETag'] } },
  'get /content/{id}/reviews': { headers: { 200: ['Link'] } },
  'post /content/{id}/rollback': change(),
  'post /content/{id}/approve': change(403),
  'post /content/{id}/reject': change(403),
  'post /content/{id}/publish': change(403),
  'post /content/{id}/unpublish': change(403),
  'get /reviews': { problems: [403], headers: { 200: ['Link'] } },
  'get /reviews/export': {
    problems: [403],
    headers: { 200: ['Review-Chain-Head'] },
    responses: {
      200: {
        description: 'A row a line, in the order of the chain; the last line is the head.',
        content: { ...exported('application/x-ndjson'), ...exported('text/csv') },
      },
    },
  },
  'post /reviews/bulk': {
    problems: [403, 422],
    responses: {
      200: {
        description: 'One answer an item, in order: the content or a problem.',
        content: { 'application/json': { schema: { type: 'array', items: bulkItem } } },
      },
    },
  },
  'get /public/posts': publicNotes(['Link']),
  'get /public/posts/{slug}': publicNotes(),
  'get /public/search': publicNotes(['Link']),
  'post /auth/token': { public: true, problems: [401] },
  'post /auth/logout': { public: true },
  'get /auth/jwks': { public: true },
  'get /users/names': { problems: [403] },
  'post /console/session': { public: true, ...session },
  'post /console/session/link': { public: true, ...session },
  'post /console/session/refresh': { public: true, ...session },
  'delete /console/session': { public: true, problems: [403], headers: { 204: ['Set-Cookie'] } },
  'get /console/config': { public: true },
  'get /health/live': { public: true },
  'get /health/ready': { public: true },
};

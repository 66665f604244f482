import type { Operation } from './api-description.js';
import type { Exchange } from './exchange.js';
import type { RequestPlan } from './request-plans.js';
import type { SchemaValidator } from './schema-validator.js';

/**
 * Problems of bodies that no schema tells: characters, depth, number of keys, far times, addresses, used keys, and
 * which fields a grant type needs,
 * and what only the content itself can tell.
 */
const beyondSchema =
  /cannot be stored|NUL character|nested deeper|more than .* keys|days ahead|__proto__|key_reused|"pointer":"\/(url|username|password|refresh_token|seo|version)"/;

/** Holds one answer against the document. @returns sentences about what is wrong. */
export function* wrongIn(
  operation: Operation,
  plan: RequestPlan,
  { status, headers, text }: Exchange,
  validator: SchemaValidator,
): Generator<string> {
  if (status >= 500) yield `answered ${status}`;
  const types = operation.answers.get(status);
  if (types === undefined) {
    yield `answered ${status}, which is not documented`;
    return;
  }
  yield* wrongBody(types, headers['content-type'], text, validator);
  if (headers['x-request-id'] === undefined) yield 'has no X-Request-Id';
  if (status === 401 && headers['www-authenticate'] === undefined) yield 'has no WWW-Authenticate';
  if (status === 429 && headers['retry-after'] === undefined) yield 'has no Retry-After';
  if (plan.judged !== undefined) yield* wrongJudgement(plan.judged, status, text, validator);
}

function* wrongBody(
  types: ReadonlyMap<string, string>,
  contentType: string | undefined,
  text: string,
  validator: SchemaValidator,
) {
  if (types.size === 0) {
    if (text !== '') yield `has a body that is not documented: ${text.slice(0, 200)}`;
    return;
  }
  const essence = contentType?.split(';', 1)[0] ?? 'nothing';
  const pointer = types.get(essence);
  if (pointer === undefined) {
    yield `is ${essence} instead of ${[...types.keys()].join(' or ')}`;
    return;
  }
  if (!essence.endsWith('json')) return;
  if (essence === 'application/x-ndjson') {
    for (const line of text.trim().split('\n')) JSON.parse(line);
    return;
  }
  const problem = validator.problemAt(pointer, JSON.parse(text));
  if (problem !== null) yield `has a body that is not as documented: ${problem}`;
}

/** Accepted what the schema forbids, or refused what it allows. */
function* wrongJudgement(
  { schema, value }: NonNullable<RequestPlan['judged']>,
  status: number,
  text: string,
  validator: SchemaValidator,
) {
  const fits = validator.fits(schema, value);
  if (!fits && status < 300) yield 'accepted a body that its schema forbids';
  if (fits && status === 422 && !beyondSchema.test(text)) yield 'refused a body that its schema allows';
}

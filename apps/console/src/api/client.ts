import createClient from 'openapi-fetch';
import { session } from '../session/session.js';
import { problemOf, Unreachable } from './problem.js';
import { setReachable } from './reachability.js';
import type { components, paths } from './schema.js';
import { learnServerTime } from './server-clock.js';

export type Schemas = components['schemas'];

/** Answers of a proxy whose api is away. */
const away = new Set([502, 503, 504]);

/**
 * As `fetch`, in the name of who is signed in: with the access token, and once more with a new one when that has ended.
 * @throws Unreachable when no answer comes.
 */
export async function authorizedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const first = await send(request.clone(), await session.token());
  if (first.status !== 401) return first;
  return send(request, await session.renewed());
}

async function send(request: Request, token: string | null): Promise<Response> {
  if (token !== null) request.headers.set('authorization', `Bearer ${token}`);
  const askedAt = Date.now();
  try {
    const answer = await fetch(request);
    learnServerTime(answer.headers.get('date'), askedAt);
    setReachable(!away.has(answer.status) || isFromApi(answer));
    return answer;
  } catch (error) {
    if (!request.signal.aborted) setReachable(false);
    throw request.signal.aborted ? error : new Unreachable(error);
  }
}

/** An api that is busy says so in a problem document; a proxy whose api is away does not. */
function isFromApi({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('application/problem+json') === true;
}

/** Calls of the api by path, typed by its OpenAPI document; lists in a query are separated by commas. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  fetch: authorizedFetch,
  querySerializer: { array: { style: 'form', explode: false } },
});

/** The data of an answer. @throws Problem when the api refused. */
export async function unwrap<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Exclude<Data, undefined>> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(response.status, error);
  return data as Exclude<Data, undefined>;
}

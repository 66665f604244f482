/** What a code of a problem document means. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What happened and what to do about it; shown in the reference. */
  readonly meaning: string;
}

/**
 * Every `code` that an error answer can carry. This is the only table of them: the filter takes status and title from
 * it, and the reference in docs is generated from it.
 */
export const problemCodes = {
  malformed_request: {
    status: 400,
    title: 'Malformed request',
    meaning: 'The request is no valid HTTP, or its URL cannot be decoded.',
  },
  malformed_json: { status: 400, title: 'Malformed JSON', meaning: 'The body is missing, or is no JSON in UTF-8.' },
  invalid_query: { status: 400, title: 'Invalid query', meaning: 'A query parameter is unknown, repeated or wrong.' },
  invalid_header: { status: 400, title: 'Invalid header', meaning: 'The value of a request header is wrong.' },
  invalid_cursor: {
    status: 400,
    title: 'Invalid cursor',
    meaning: 'The cursor was not made by this API: take it from the Link header.',
  },
  unauthorized: { status: 401, title: 'Unauthorized', meaning: 'A valid access token is needed.' },
  invalid_credentials: { status: 401, title: 'Invalid credentials', meaning: 'The sign-in was refused.' },
  invalid_grant: {
    status: 401,
    title: 'Invalid grant',
    meaning: 'The refresh token or the sign-in link is unknown, used, expired or revoked: sign in again.',
  },
  forbidden: { status: 403, title: 'Forbidden', meaning: 'The caller may see this but not do this.' },
  not_found: {
    status: 404,
    title: 'Not found',
    meaning: 'There is no such thing, or it belongs to somebody else: the answer is the same.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    meaning: 'The path exists, but not with this method: see the Allow header.',
  },
  not_acceptable: {
    status: 406,
    title: 'Not acceptable',
    meaning: 'None of the accepted media types can be produced.',
  },
  request_timeout: { status: 408, title: 'Request timeout', meaning: 'The request did not arrive in time.' },
  task_ended: { status: 409, title: 'Task has ended', meaning: 'A task that has ended cannot be cancelled.' },
  task_not_failed: {
    status: 409,
    title: 'Task has not failed',
    meaning: 'Only a FAILED task can be retried or discarded.',
  },
  four_eyes: {
    status: 403,
    title: 'Second person needed',
    meaning:
      'Whoever owns an item, or wrote something of what is new in a version, does not approve it: somebody else must (REVIEW_FOUR_EYES).',
  },
  conflict: { status: 409, title: 'Conflict', meaning: 'The state of the thing does not allow this.' },
  user_exists: { status: 409, title: 'User exists', meaning: 'Another user has this name: take another name.' },
  last_admin: {
    status: 409,
    title: 'Last admin',
    meaning: 'The last enabled admin can be neither demoted nor disabled: make another one first.',
  },
  users_elsewhere: {
    status: 409,
    title: 'Users are elsewhere',
    meaning: 'The built-in issuer is off: users and their roles are managed at the OpenID Connect provider.',
  },
  wrong_state: {
    status: 409,
    title: 'Wrong state',
    meaning: 'The state of the version does not allow this; somebody else may have been faster. Read it again.',
  },
  too_many_versions: {
    status: 409,
    title: 'Too many versions',
    meaning: 'The content has 1,000 versions, and takes no more: generate it anew.',
  },
  canary_unfinished: {
    status: 409,
    title: 'Canary unfinished',
    meaning: 'A task of this group was retried first and has not ended: wait for it, or say `force`.',
  },
  canary_failed: {
    status: 409,
    title: 'Canary failed',
    meaning:
      'The task of this group that was retried first failed again: mend the cause and try a new canary, or say `force`.',
  },
  task_removed: {
    status: 410,
    title: 'Task has been removed',
    meaning: 'The task ended so long ago that it was removed, with its events. Some time later the answer is 404.',
  },
  stale_version: {
    status: 412,
    title: 'Stale version',
    meaning: 'The version in If-Match is not the current one any more: read it again, and decide anew.',
  },
  body_too_large: { status: 413, title: 'Body too large', meaning: 'The body is larger than 1 MiB.' },
  uri_too_long: { status: 414, title: 'URI too long', meaning: 'The path is longer than any path of this API.' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    meaning: 'Bodies are application/json in UTF-8 without a content encoding; only /auth/token takes a form.',
  },
  expectation_failed: { status: 417, title: 'Expectation failed', meaning: 'Only `Expect: 100-continue` is known.' },
  validation_failed: {
    status: 422,
    title: 'Validation failed',
    meaning: 'The body is JSON, but not what this call takes: `errors` names each field by a JSON pointer.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Idempotency key reused',
    meaning: 'The key was used for another body: use a new key for a new request.',
  },
  if_match_required: {
    status: 428,
    title: 'If-Match required',
    meaning: 'Changes of content name the version that they are about: send its ETag as If-Match.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    meaning: 'The budget of this caller is used up: wait for Retry-After seconds.',
  },
  too_many_streams: {
    status: 429,
    title: 'Too many streams',
    meaning: 'The caller has too many open streams: close one, or follow all tasks by GET /tasks/stream.',
  },
  too_many_unfinished_tasks: {
    status: 429,
    title: 'Too many unfinished tasks',
    meaning: 'The caller has too many unfinished tasks: wait for some to end.',
  },
  headers_too_large: { status: 431, title: 'Headers too large', meaning: 'URL and headers are larger than 16 KiB.' },
  internal: { status: 500, title: 'Internal error', meaning: 'An error of ours; the request_id finds it in our log.' },
  overloaded: {
    status: 503,
    title: 'Overloaded',
    meaning: 'There are too many unfinished tasks of everybody: retry later.',
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    meaning: 'The database or the queue cannot be reached, or the process stops: retry later.',
  },
  authentication_unavailable: {
    status: 503,
    title: 'Authentication unavailable',
    meaning: 'Whether the token is good cannot be told at the moment: retry later.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemCodes;

/** The code of an answer of which only the status is known. */
export function codeOfStatus(status: number): ProblemCode {
  const found = generalCodes.find((code) => problemCodes[code].status === status);
  return found ?? (status >= 500 ? 'internal' : 'malformed_request');
}

const generalCodes = (Object.keys(problemCodes) as ProblemCode[]).filter(
  (code) => !['task_ended', 'task_not_failed', 'task_removed', 'malformed_json', 'overloaded'].includes(code),
);

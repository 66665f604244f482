const text = (description: string, example?: string) => ({
  description,
  schema: { type: 'string', ...(example !== undefined && { examples: [example] }) },
});
const seconds = (description: string) => ({ description, schema: { type: 'integer', minimum: 0 } });

/** Response headers, for `components.headers`. */
export const headers = {
  ETag: text(
    'Strong. Of a task: the number of its newest event, and while it waits its place in line. Of content: number, hash and state of the version; of a post: of its text.',
    '"7"',
  ),
  'Idempotency-Replayed': text('`true`: the task of an earlier request with the same key.', 'true'),
  Link: text('`rel="next"`: the next page.', '</tasks?cursor=YmVmb3Jl>; rel="next"'),
  Location: text('Relative reference to the task.', '/tasks/0198c0de-0000-7000-8000-000000000000'),
  'Operation-Location': text('Absolute URL of the task.'),
  'Preference-Applied': text('What of Prefer was honoured.', 'wait=10'),
  'Queue-Position': {
    description: 'While the task waits: its place in the line of its kind, from 1, counted up to 1,001.',
    schema: { type: 'integer', minimum: 1 },
  },
  'Review-Chain-Head': text('Number and hash of the newest row.', '42:5feceb66…'),
  RateLimit: text('What is left of the budget of this class of calls.', '"read";r=59;t=60'),
  'RateLimit-Policy': text('Budget of this class of calls.', '"read";q=60;w=60'),
  'Retry-After': seconds('Seconds to wait.'),
  'Set-Cookie': text(
    'Of a stream, after a ticket: lets EventSource reconnect until the token expires. Of the console: its session.',
  ),
  'WWW-Authenticate': text('`Bearer`.'),
  'X-Request-Id': text('Finds this request in the log.'),
} as const;

const header = (name: string, description: string, schema: object) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema,
});

/** Request headers by name. */
export const parameters = {
  'Idempotency-Key': header(
    'Idempotency-Key',
    'Makes a repeated submit harmless: same key and body, same task. Quoted or bare, 1–255 visible ASCII characters.',
    { type: 'string', minLength: 1, maxLength: 257 },
  ),
  Prefer: header(
    'Prefer',
    '`wait=N` (at most 25 s): answer when the task has ended or changed. `respond-async` is fine too.',
    {
      type: 'string',
      examples: ['wait=10'],
    },
  ),
  'If-None-Match': header('If-None-Match', 'ETag of the state that is known already: 304 while it is current.', {
    type: 'string',
    examples: ['"7"'],
  }),
  'If-Match': header(
    'If-Match',
    'ETag of the version that the change is about: 428 without it, 412 when it is stale.',
    {
      type: 'string',
      examples: ['"3-9f86d081884c7d65-AWAITING_APPROVAL"'],
    },
  ),
  'Last-Event-ID': header('Last-Event-ID', 'Id of the last message received: everything after it comes.', {
    type: 'string',
  }),
} as const;

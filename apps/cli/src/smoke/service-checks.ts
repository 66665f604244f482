import { randomBytes, randomUUID } from 'node:crypto';
import type { Check } from './check.js';
import { need, type Answer, type Target } from './target.js';

const secure: readonly (readonly [string, RegExp])[] = [
  ['x-content-type-options', /^nosniff$/],
  ['content-security-policy', /default-src 'none'/],
  ['x-frame-options', /./],
  ['referrer-policy', /./],
  ['strict-transport-security', /max-age=\d/],
];
/** Without it no later check says anything. */
export const isAdmitted = 'the token is good';
const nowhere = `/tasks/${randomUUID()}`;

/** What every answer has, and what is refused. */
export const serviceChecks: readonly Check[] = [
  { name: 'it lives', run: async (target) => void (await target.expect(200, 'GET', '/health/live', { as: 'nobody' })) },
  {
    name: 'it is ready',
    run: async (target) => {
      const { json } = await target.expect(200, 'GET', '/health/ready', { as: 'nobody' });
      need(json.degraded === undefined, `it does not reach its ${json.degraded}: tasks are taken and do not start`);
    },
  },
  { name: isAdmitted, run: async (target) => void (await target.expect(200, 'GET', '/auth/me')) },
  { name: 'security headers', run: securityHeaders },
  { name: 'rate limits are told', run: rateLimits },
  { name: 'traceparent is taken up', run: traces },
  { name: '401 without a token and with a bad one', run: unauthorized },
  { name: '404 for what is not there', run: (target) => refused(target, 404, 'GET', nowhere) },
  { name: '405 for a wrong method', run: (target) => refused(target, 405, 'PUT', '/tasks') },
  { name: '413 for a body that is too large', run: tooLarge },
  {
    name: '415 for another media type',
    run: (target) => refused(target, 415, 'POST', '/tasks', { body: 'a,b', headers: { 'content-type': 'text/csv' } }),
  },
  {
    name: '422 for a task that does not fit',
    run: (target) => refused(target, 422, 'POST', '/tasks', { body: { task_type: 'simulation', duration: -1 } }),
  },
];

async function securityHeaders(target: Target): Promise<void> {
  const { headers } = await target.expect(200, 'GET', '/task-types');
  const missing = secure.filter(([name, value]) => !value.test(headers.get(name) ?? '')).map(([name]) => name);
  need(missing.length === 0, `missing or weak: ${missing.join(', ')}`);
  need(!headers.has('x-powered-by'), 'x-powered-by tells what runs here');
}

async function rateLimits(target: Target): Promise<void> {
  const { headers } = await target.expect(200, 'GET', '/task-types');
  for (const name of ['ratelimit', 'ratelimit-policy']) need(headers.has(name), `the header ${name} is missing`);
}

async function traces(target: Target): Promise<void> {
  const trace = randomBytes(16).toString('hex');
  const headers = { traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01` };
  const { json } = await target.expect(404, 'GET', nowhere, { headers });
  need(json.trace_id === trace, `the problem has trace_id ${json.trace_id} in place of ${trace}`);
}

async function unauthorized(target: Target): Promise<void> {
  const none = await target.expect(401, 'GET', '/tasks', { as: 'nobody' });
  needProblem(none);
  need(none.headers.has('www-authenticate'), 'the header www-authenticate is missing');
  const headers = { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' };
  needProblem(await target.expect(401, 'GET', '/tasks', { as: 'nobody', headers }));
}

async function tooLarge(target: Target): Promise<void> {
  const body = { task_type: 'simulation', metadata: { text: 'x'.repeat(1_048_576) } };
  // Whatever stands before the api may refuse it in its own words.
  await target.expect(413, 'POST', '/tasks', { body });
}

async function refused(target: Target, status: number, method: string, path: string, options = {}): Promise<void> {
  needProblem(await target.expect(status, method, path, options));
}

function needProblem({ status, headers, json }: Answer): void {
  const type = headers.get('content-type') ?? '';
  need(type.startsWith('application/problem+json'), `the ${status} is "${type}" and no application/problem+json`);
  const missing = ['type', 'title', 'status', 'code', 'request_id', 'trace_id'].filter(
    (field) => json[field] === undefined,
  );
  need(missing.length === 0, `the problem of the ${status} has no ${missing.join(', ')}`);
}

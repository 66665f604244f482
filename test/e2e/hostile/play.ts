import { checks, expectDecentAnswer, snapshot, type Played } from './checks.js';
import type { HostileCase } from './hostile-case.js';
import { send, type RawAnswer, type RawRequest } from './send.js';
import type { Stage } from './stage.js';

/** Plays one case and checks everything that it and every answer owes. */
export async function play(stage: Stage, hostile: HostileCase): Promise<void> {
  const request = requestOf(stage, hostile);
  const before = await snapshot(stage);
  const answer = await send(stage.api.url, request);
  expect(hostile.status).toContain(answer.status);
  expectDecentAnswer(answer);
  if (hostile.code !== undefined) expect(JSON.parse(answer.text).code).toBe(hostile.code);
  const made = answer.status < 300 ? (hostile.newJobs ?? 0) : 0;
  expect(await stage.countJobs()).toBe(before.jobs + made);
  const replay = (id: string): Promise<RawAnswer> =>
    send(stage.api.url, { ...request, path: request.path.replaceAll(stage.places.foreignTaskId, id) });
  const played: Played = { stage, answer, before, replay };
  for (const name of hostile.checks ?? []) await checks[name](played);
}

function requestOf(stage: Stage, { method = 'GET', path, as = 'user', headers = {}, body }: HostileCase): RawRequest {
  const authorization = authorizationOf(stage, as);
  const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, stage.fill(value)]));
  return {
    method,
    path: stage.fill(path),
    headers: { ...(authorization !== undefined && { authorization }), ...contentType(body), ...filled },
    body: bodyOf(stage, body),
  };
}

function bodyOf(stage: Stage, body: HostileCase['body']): string | Buffer | undefined {
  if (typeof body === 'function') return (body as () => string | Buffer)();
  if (typeof body === 'object') return stage.fill(JSON.stringify(body));
  return body === undefined ? undefined : stage.fill(body);
}

function contentType(body: HostileCase['body']): Record<string, string> {
  return typeof body === 'object' ? { 'content-type': 'application/json' } : {};
}

function authorizationOf(stage: Stage, as: NonNullable<HostileCase['as']>): string | undefined {
  if (as === 'nobody') return undefined;
  if (as === 'user' || as === 'editor' || as === 'admin') return `Bearer ${stage.deployment.users[as].token}`;
  const [kind, value] = [as.slice(0, as.indexOf(':')), as.slice(as.indexOf(':') + 1)];
  return kind === 'raw' ? stage.fill(value) : `Bearer ${stage.forge.token(value)}`;
}

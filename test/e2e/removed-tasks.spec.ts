import { Client } from 'pg';
import { call, openStream, startDeployment, type Deployment, type StreamMessage } from '../support/deployment.js';

// The two queue backends have no part in this.
let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment({ backend: 'postgres', workers: 0 });
}, 60_000);
afterAll(() => deployment.stop());

type Who = 'user' | 'other' | 'admin';
const api = () => deployment.apis[0];
const as = (who: Who, method: string, path: string, body?: object) =>
  call(api(), method, path, { token: deployment.users[who].token, body });

async function submit(): Promise<string> {
  const answer = await as('user', 'POST', '/tasks', { task_type: 'simulation', duration: 0, steps: 1 });
  return (answer.json as { task_id: string }).task_id;
}

/** Ends a task, and lets forty days go by. */
async function endLongAgo(id: string): Promise<void> {
  expect((await as('admin', 'DELETE', `/tasks/${id}`)).status).toBe(204);
  await deployment.sql(`UPDATE jobs SET finished_at = now() - interval '40 days' WHERE id = $1`, [id]);
  await deployment.sql(`UPDATE job_events SET at = now() - interval '40 days' WHERE job_id = $1`, [id]);
}
const remove = () => deployment.sql(`SELECT remove_finished_jobs('30 days', 500, 5000)`);
const answersTo = (who: Who, id: string) =>
  Promise.all(
    routes.map(async ([method, path]) => {
      const { status, json } = await as(who, method, path.replace(':id', id));
      return `${method} ${path}: ${status} ${(json as { code: string }).code}`;
    }),
  );
const routes = [
  ['GET', '/tasks/:id'],
  ['GET', '/tasks/:id/input'],
  ['GET', '/tasks/:id/logs'],
  ['GET', '/tasks/:id/events'],
  ['GET', '/tasks/:id/stream'],
  ['POST', '/tasks/:id/stream-ticket'],
  ['DELETE', '/tasks/:id'],
  ['POST', '/tasks/:id/retry'],
] as const;
const everywhere = (answer: string) => routes.map(([method, path]) => `${method} ${path}: ${answer}`);

it('answers 410 to those who might have read a removed task, for a while, and 404 to everybody else', async () => {
  const id = await submit();
  await endLongAgo(id);
  await remove();
  expect(await answersTo('user', id)).toEqual(everywhere('410 task_removed'));
  expect(await answersTo('admin', id)).toEqual(everywhere('410 task_removed'));
  expect(await answersTo('other', id)).toEqual(everywhere('404 not_found'));
  await deployment.sql(`UPDATE removed_jobs SET removed_at = now() - interval '31 days' WHERE id = $1`, [id]);
  expect(await answersTo('user', id)).toEqual(everywhere('404 not_found'));
});

it('answers 410 to an EventSource that comes with a ticket', async () => {
  const id = await submit();
  const { ticket } = (await as('user', 'POST', `/tasks/${id}/stream-ticket`)).json as { ticket: string };
  await endLongAgo(id);
  await remove();
  expect((await call(api(), 'GET', `/tasks/${id}/stream?ticket=${ticket}`)).status).toBe(410);
});

it('resumes the stream of all tasks behind events that have been removed', async () => {
  const { token } = deployment.users.user;
  const url = `${api().url}/tasks/stream`;
  const first = openStream(url, { token });
  const snapshot = (await first.next()).value as StreamMessage;
  const [old, kept] = [await submit(), await submit()];
  const events = [(await first.next()).value, (await first.next()).value] as StreamMessage[];
  expect(events.map(({ data }) => data.task_id).sort()).toEqual([old, kept].sort());
  await first.return(undefined);
  await endLongAgo(old);
  await remove();
  await as('admin', 'DELETE', `/tasks/${kept}`);
  // From before both, and from the event of the removed one, whichever came first.
  const ids = [snapshot.id, events.find(({ data }) => data.task_id === old)?.id];
  for (const lastEventId of ids) {
    const again = openStream(url, { token, lastEventId });
    const seen: unknown[] = [];
    for await (const { data } of again) {
      seen.push(`${data.task_id === kept} ${String(data.type)}`);
      if (data.type === 'cancelled') break;
    }
    expect(['true submitted,true cancelled', 'true cancelled']).toContain(seen.join());
  }
});

it('ends the streams of a database that has been replaced by an earlier one', async () => {
  const { token } = deployment.users.user;
  const id = await submit();
  const one = openStream(`${api().url}/tasks/${id}/stream`, { token });
  const all = openStream(`${api().url}/tasks/stream`, { token });
  const lastEventId = [(await one.next()).value, (await all.next()).value].map((message) => message?.id)[1];
  await replaceDatabase(id);
  // Each ends: within a poll or two.
  for await (const { data } of one) expect(data.task_id).toBe(id);
  for await (const { data } of all) expect(data.type).toBeDefined();
  expect((await as('user', 'GET', `/tasks/${id}/stream`)).status).toBe(404);
  const again = openStream(`${api().url}/tasks/stream`, { token, lastEventId });
  expect(((await again.next()).value as StreamMessage).data.type).toBe('snapshot');
  await again.return(undefined);
});

/** Puts a copy in the place of the database, in which a task has not been submitted yet. */
async function replaceDatabase(withoutTask: string): Promise<void> {
  const url = new URL(deployment.database.adminUrl);
  const name = url.pathname.slice(1);
  const client = new Client({ connectionString: Object.assign(url, { pathname: '/postgres' }).href });
  await client.connect();
  await client.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  await client.query(`ALTER DATABASE ${name} RENAME TO ${name}_before`);
  await client.query(`CREATE DATABASE ${name}_half TEMPLATE ${name}_before`);
  const copy = new Client({ connectionString: Object.assign(url, { pathname: `/${name}_half` }).href });
  await copy.connect();
  await copy.query('DELETE FROM jobs WHERE id = $1', [withoutTask]);
  await copy.end();
  await client.query(`ALTER DATABASE ${name}_half RENAME TO ${name}`);
  await client.query(`DROP DATABASE ${name}_before`);
  await client.end();
}

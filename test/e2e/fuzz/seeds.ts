import { makeItem } from '@longhaul/content/testing';
import { call, type Deployment } from '../../support/deployment.js';
import { publishItem } from '../../support/published-item.js';
import { ContentSeeds } from './content-seeds.js';

/**
 * A task of the user in every status, a task of another user first not among them, and the fingerprint of the failure;
 * the worker is stopped then. Two of the user's tasks and the other's have made content, beside more content of the user; one post is published.
 */
export async function seedTasks(
  deployment: Deployment,
): Promise<{ own: string[]; foreign: string; fingerprint: string; slug: string; content: ContentSeeds }> {
  const [api] = deployment.apis;
  const { user, other, admin } = deployment.users;
  const submit = async (token: string, fields: object): Promise<{ task_id: string; status: string }> => {
    const body = { task_type: 'simulation', duration: 0, steps: 1, max_attempts: 1, ...fields };
    const { json } = await call(api, 'POST', '/tasks', { token, body, headers: { prefer: 'wait=20' } });
    return json;
  };
  const run_at = new Date(Date.now() + 3_600_000).toISOString();
  const [success, failed, cancelled] = await Promise.all([
    submit(user.token, {}),
    submit(user.token, { fail_probability: 1 }),
    call(api, 'POST', '/tasks', { token: user.token, body: { task_type: 'simulation', run_at } }).then(
      ({ json }) => json,
    ),
  ]);
  expect([success.status, failed.status]).toEqual(['SUCCESS', 'FAILED']);
  await call(api, 'DELETE', `/tasks/${cancelled.task_id}`, { token: admin.token });
  await deployment.workers[0].kill('SIGKILL');
  // They stay PENDING, because nobody works any more.
  const later = { task_type: 'simulation', run_at };
  const [pending, foreign] = await Promise.all(
    [user, other].map(({ token }) => call(api, 'POST', '/tasks', { token, body: later })),
  );
  const own = [pending.json, success, failed, cancelled].map(({ task_id: id }) => id);
  const database = { query: (text: string, values?: unknown[]) => deployment.sql(text, values) };
  await makeItem(database, { id: own[0], ownerId: user.id });
  await makeItem(database, { id: own[1], ownerId: user.id, state: 'DRAFT', seo: null });
  await makeItem(database, { id: foreign.json.task_id, ownerId: other.id });
  const content = await ContentSeeds.make(deployment, [own[0], own[1], foreign.json.task_id]);
  const [{ fingerprint }] = (await call(api, 'GET', '/admin/failed', { token: admin.token })).json;
  return { own, foreign: foreign.json.task_id, fingerprint, slug: await publishItem(deployment), content };
}

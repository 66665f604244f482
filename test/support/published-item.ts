import { v7 as uuidV7 } from 'uuid';
import { makeItem } from '@longhaul/content/testing';
import { call, type Deployment } from './deployment.js';

/** Publishes an item by the api, as an editor does. @returns the slug of its post, which is about tides. */
export async function publishItem(deployment: Deployment): Promise<string> {
  const { user, admin } = deployment.users;
  const [api] = deployment.apis;
  const id = uuidV7();
  const database = { query: (text: string, values?: unknown[]) => deployment.sql(text, values) };
  await makeItem(database, { id, ownerId: user.id, title: 'Tides', tags: ['tides'] });
  const { token } = admin;
  const etag = (await call(api, 'GET', `/content/${id}`, { token })).headers.get('etag') ?? '';
  const headers = { 'if-match': etag };
  const { status, text } = await call(api, 'POST', `/content/${id}/approve`, {
    token,
    headers,
    body: { publish: true },
  });
  if (status !== 200) throw new Error(`The item was not published: ${status} ${text}`);
  return `tides-${id}`;
}

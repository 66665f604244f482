import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import { makeUser } from '@longhaul/auth/testing';
import { makeItem } from '@longhaul/content/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { makeApi } from '../../../api/src/start-api.js';
import { ApiClient, type Content, type Task } from './api-client.js';
import { postFrom, takeDownFormer } from './post.js';

let database: TestDatabase;
let app: NestFastifyApplication;
beforeAll(async () => {
  database = await testDatabase();
  app = await makeApi(testConfig(database, { ADMIN_PASSWORD: 'a long password' }));
  await app.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

test('the post of an earlier demo goes off the site, and nothing else does', async () => {
  const source = app.get<Parameters<typeof makeUser>[0]>(getDataSourceToken());
  const [author, stranger, editor] = [
    await makeUser(source),
    await makeUser(source),
    await makeUser(source, { roles: ['editor'] }),
  ];
  const signIn = async (user: typeof author) =>
    ApiClient.signIn(await app.getUrl(), user, new AbortController().signal);
  const [client, publisher] = [await signIn(author), await signIn(editor)];
  const topic = String(postFrom({ result_payload: { pages: [] } } as unknown as Task).topic);
  const publish = async (title: string, ownerId: string) => {
    const id = await makeItem(source, { title, ownerId });
    const { version } = await publisher.get<Content>(`/content/${id}`);
    await publisher.approve(id, version.etag, { publish: true });
    return id;
  };
  const [former, other, foreign] = [
    await publish(topic, author.id),
    await publish(`${topic} at home`, author.id),
    await publish(topic, stranger.id),
  ];
  const published = async (id: string) => (await publisher.get<Content>(`/content/${id}`)).published_version;

  expect(await takeDownFormer(client, publisher)).toBe(1);
  expect([await published(former), await published(other), await published(foreign)]).toEqual([null, 1, 1]);
  expect(await takeDownFormer(client, publisher)).toBe(0);
});

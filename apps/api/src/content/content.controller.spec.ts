import { randomUUID } from 'node:crypto';
import { ContentStage, reason } from './testing.js';

let stage: ContentStage;
beforeAll(async () => (stage = await ContentStage.open()));
afterAll(() => stage.close());

describe('reading', () => {
  it('shows an item with its newest version to its owner and to editors, and is not there for others', async () => {
    const id = await stage.made({ tags: ['sea'], title: 'Tides' });
    for (const name of ['owner', 'editor', 'admin'] as const) {
      const { status, json, headers } = await stage.read(id, name);
      expect(status).toBe(200);
      expect(json).toMatchObject({
        content_id: id,
        owner_id: stage.idOf('owner'),
        tags: ['sea'],
        published_version: null,
      });
      expect(json.version).toMatchObject({ number: 1, state: 'AWAITING_APPROVAL', title: 'Tides', body: /moon/ });
      expect(json.version.etag).toBe(headers.etag);
      expect(headers.etag).toBe(`"1-${(json.version.hash as string).slice(0, 16)}-AWAITING_APPROVAL"`);
    }
    for (const path of ['', '/versions', '/versions/1', '/versions/1/diff/1', '/reviews']) {
      expect((await stage.ask('other', 'GET', `/content/${id}${path}`)).json).toMatchObject({
        status: 404,
        code: 'not_found',
      });
      expect((await stage.ask('owner', 'GET', `/content/${id}${path}`)).status).toBe(200);
    }
    for (const path of [randomUUID(), 'no-uuid', `${id}/versions/2`, `${id}/versions/1e1`, `${id}/versions/1/diff/9`]) {
      expect((await stage.ask('editor', 'GET', `/content/${path}`)).status).toBe(404);
    }
  });

  it('lists by state, format, tag, owner and text, page by page', async () => {
    const ownerId = randomUUID();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift(await stage.made({ ownerId, title: `Page ${n}%`, tags: [`tag${n}`] }));
    const list = async (query: string, name: Parameters<ContentStage['ask']>[0] = 'editor') => {
      const { json, headers } = await stage.ask(name, 'GET', `/content?${query}`);
      return { ids: (json as { content_id: string }[]).map((item) => item.content_id), link: headers.link as string };
    };
    const pages: string[][] = [];
    for (let query: string | undefined = `owner_id=${ownerId}&limit=2`; query !== undefined;) {
      const page = await list(query);
      pages.push(page.ids);
      query = page.link === undefined ? undefined : /\?([^>]+)>/.exec(page.link)?.[1];
    }
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    const owned = `owner_id=${ownerId}`;
    expect((await list(`${owned}&tag=tag3`)).ids).toEqual([ids[1]]);
    expect((await list(`${owned}&q=page%204%25`)).ids).toEqual([ids[0]]);
    expect((await list(`${owned}&q=${ids[2].slice(0, 35).toUpperCase()}`)).ids).toEqual([ids[2]]);
    expect((await list(`${owned}&q=%25%25`)).ids).toEqual([]);
    await stage.change('editor', ids[3], 'approve');
    expect((await list(`${owned}&state=APPROVED,PUBLISHED`)).ids).toEqual([ids[3]]);
    expect((await list(`${owned}&format=email`)).ids).toEqual([]);
    // A user sees its own, and may not ask for those of others.
    expect((await list('limit=100', 'owner')).ids).not.toEqual(expect.arrayContaining(ids));
    expect((await stage.ask('other', 'GET', '/content')).json).toEqual([]);
    expect((await stage.ask('other', 'GET', `/content?${owned}`)).json).toMatchObject({ code: 'forbidden' });
    const bad = ['state=DONE', 'format=book', 'tag=', 'limit=0', 'cursor=AAAA', 'nope=1'];
    for (const query of bad)
      expect([query, (await stage.ask('editor', 'GET', `/content?${query}`)).status]).toEqual([query, 400]);
  });
});

describe('versions', () => {
  it('are compared as a unified diff, word by word and field by field', async () => {
    const id = await stage.made({ title: 'Tides', body: 'The moon pulls.\nTwice a day.\n' });
    await stage.change('owner', id, 'edit', { title: 'Ebb', body: 'The moon and the sun pull.\nTwice a day.\n' });
    const { json } = await stage.ask('owner', 'GET', `/content/${id}/versions/1/diff/2`);
    const renamed = ['title', 'seo.title'].map((field) => ({ field, from: 'Tides', to: 'Ebb' }));
    expect(json).toMatchObject({ from: 1, to: 2, fields: renamed });
    expect(json.unified).toBe(
      '--- version 1\n+++ version 2\n@@ -1,2 +1,2 @@\n-The moon pulls.\n+The moon and the sun pull.\n Twice a day.\n',
    );
    const without = (op: string) =>
      (json.words as { op: string; text: string }[])
        .filter((run) => run.op !== op)
        .map(({ text }) => text)
        .join('');
    expect(without('insert')).toBe('The moon pulls.\nTwice a day.\n');
    expect(without('delete')).toBe('The moon and the sun pull.\nTwice a day.\n');
    expect(json.granularity).toBe('words');
    expect((await stage.ask('owner', 'GET', `/content/${id}/versions/2/diff/2`)).json).toMatchObject({
      fields: [],
      unified: '',
    });
  });

  it('come back by a rollback, as a new one', async () => {
    const id = await stage.made({ title: 'Tides' });
    await stage.change('owner', id, 'edit', { title: 'Ebb', body: 'Worse.' });
    const back = await stage.change('editor', id, 'rollback', { version: 1, reason });
    expect(back.json.version).toMatchObject({ number: 3, origin: 'rollback', parent: 1, title: 'Tides', reason });
    expect(back.json.version).toMatchObject({ author_id: stage.idOf('editor'), state: 'AWAITING_APPROVAL' });
    expect(back.json.version.hash).toBe((await stage.ask('owner', 'GET', `/content/${id}/versions/1`)).json.hash);
    for (const version of [3, 4]) {
      expect((await stage.change('owner', id, 'rollback', { version, reason })).json.errors[0].pointer).toBe(
        '/version',
      );
    }
    expect((await stage.change('owner', id, 'rollback', { version: 1, reason: 'short' })).status).toBe(422);
  });
});

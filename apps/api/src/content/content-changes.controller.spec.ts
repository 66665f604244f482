import { evaluationKind, revisionKind } from '@longhaul/content';
import { Client } from 'pg';
import { ContentStage, reason } from './testing.js';

let stage: ContentStage;
beforeAll(async () => (stage = await ContentStage.open()));
afterAll(() => stage.close());

describe('editing', () => {
  it('makes a version that awaits approval, and sends the one before back to DRAFT', async () => {
    const id = await stage.made({ sources: [{ title: 'Almanac', url: null }] });
    const edited = await stage.change('owner', id, 'edit', { body: 'Shorter.', tags: ['moon'], reason: 'Too long.' });
    expect(edited.status).toBe(200);
    expect(edited.json).toMatchObject({
      tags: ['moon'],
      version: { number: 2, state: 'AWAITING_APPROVAL', origin: 'edit' },
    });
    expect(edited.json.version).toMatchObject({
      parent: 1,
      author_id: stage.idOf('owner'),
      reason: 'Too long.',
      task_id: null,
    });
    expect(edited.json.version).toMatchObject({ body: 'Shorter.', sources: [{ title: 'Almanac', url: null }] });
    expect(edited.json.version.seo).toMatchObject({ title: 'Tides' });
    expect(edited.headers.etag).toBe(edited.json.version.etag);
    const same = await stage.change('owner', id, 'edit');
    expect(same.json.version).toMatchObject({ number: 3, hash: edited.json.version.hash });
    const { json: versions } = await stage.ask('owner', 'GET', `/content/${id}/versions`);
    expect(versions.map(({ number, state }: { number: number; state: string }) => [number, state])).toEqual([
      [1, 'DRAFT'],
      [2, 'DRAFT'],
      [3, 'AWAITING_APPROVAL'],
    ]);
    expect(versions[0]).not.toHaveProperty('body');
    const page = await stage.ask('owner', 'GET', `/content/${id}/versions?limit=1`);
    expect(page.headers.link).toBe(`</content/${id}/versions?after=1&limit=1>; rel="next"`);
    const first = await stage.ask('owner', 'GET', `/content/${id}/versions/1`);
    expect(first.json.body).toContain('The moon pulls.');
  });

  it('of the tags is a version like any other: decided on by its hash, compared, brought back', async () => {
    const id = await stage.made({ tags: ['sea'] });
    await stage.change('editor', id, 'approve', { publish: true });
    const { json: before } = await stage.read(id);
    const { json: edited } = await stage.change('owner', id, 'edit', { tags: ['moon'] });
    expect(edited).toMatchObject({ tags: ['moon'], version: { tags: ['moon'] } });
    expect(edited.version.hash).not.toBe(before.version.hash);
    const { json: diff } = await stage.ask('owner', 'GET', `/content/${id}/versions/1/diff/2`);
    expect(diff.fields).toEqual([{ field: 'tags', from: ['sea'], to: ['moon'] }]);
    const shown = () => stage.sql('SELECT tags FROM published_posts WHERE item_id = $1', [id]);
    expect(await shown()).toEqual([{ tags: ['sea'] }]);
    await stage.change('editor', id, 'approve', { publish: true });
    expect(await shown()).toEqual([{ tags: ['moon'] }]);
    const { json: back } = await stage.change('owner', id, 'rollback', { version: 1, reason });
    expect(back).toMatchObject({ tags: ['sea'], version: { number: 3, tags: ['sea'], hash: before.version.hash } });
    const listed = async (tag: string) =>
      ((await stage.ask('owner', 'GET', `/content?tag=${tag}`)).json as { content_id: string }[]).map(
        ({ content_id }) => content_id,
      );
    expect(await listed('sea')).toContain(id);
    expect(await listed('moon')).not.toContain(id);
  });

  it('needs the ETag of the version as it is now', async () => {
    const id = await stage.made();
    const edit = (ifMatch?: string) => stage.ask('owner', 'PATCH', `/content/${id}`, { title: 'Ebb' }, ifMatch);
    const etag = await stage.etagOf(id);
    expect((await edit()).json).toMatchObject({ status: 428, code: 'if_match_required' });
    for (const wrong of ['*', 'x', `${etag}, ${etag}`]) {
      expect((await edit(wrong)).json).toMatchObject({ status: 400, code: 'invalid_header' });
    }
    const other = etag.replace('"1-', '"2-');
    for (const stale of [
      '"7"',
      `W/${etag}`,
      other,
      etag.replace('-AWAITING_APPROVAL', ''),
      etag.replace(/-.{16}/, '-'),
    ]) {
      expect((await edit(stale)).json).toMatchObject({ status: 412, code: 'stale_version' });
    }
    expect((await edit(etag)).status).toBe(200);
    expect((await edit(etag)).status).toBe(412);
  });

  it('of what was decided meanwhile is refused, and so is a decision on what was edited', async () => {
    const id = await stage.made();
    const etag = await stage.etagOf(id);
    expect((await stage.ask('editor', 'POST', `/content/${id}/approve`, {}, etag)).status).toBe(200);
    expect((await stage.ask('owner', 'PATCH', `/content/${id}`, { title: 'Ebb' }, etag)).status).toBe(412);
    expect((await stage.change('owner', id, 'edit', { title: 'Ebb' })).status).toBe(200);
    // It is bound to the text, and a tag of an older one is none.
    expect((await stage.ask('editor', 'POST', `/content/${id}/publish`, {}, etag)).status).toBe(412);
    expect((await stage.change('editor', id, 'publish')).json).toMatchObject({ status: 409, code: 'wrong_state' });
  });

  it('takes a part of the search metadata, and derives anew what was derived', async () => {
    const seo = { title: 'Tides', description: 'The moon pulls.', keywords: ['moon'] };
    const id = await stage.made({ title: 'Tides', body: '# Tides\n\nThe moon pulls.\n', seo });
    await stage.change('owner', id, 'edit', { title: 'Ebb' });
    expect((await stage.read(id)).json.version.seo).toEqual({ ...seo, title: 'Ebb' });
    await stage.change('owner', id, 'edit', { seo: { title: 'Flow' }, body: 'The sun pulls.' });
    expect((await stage.read(id)).json.version.seo).toEqual({ ...seo, title: 'Flow', description: 'The sun pulls.' });
  });

  it('of a weak ETag is refused, with the reason', async () => {
    const id = await stage.made();
    const etag = await stage.etagOf(id);
    const { status, json } = await stage.ask('owner', 'PATCH', `/content/${id}`, { title: 'Ebb' }, `W/${etag}`);
    expect([status, json.code]).toEqual([412, 'stale_version']);
    expect(json.detail).toContain('a weak ETag');
    expect((await stage.ask('owner', 'PATCH', `/content/${id}`, { title: 'Ebb' }, etag)).status).toBe(200);
  });

  it.each<[string, object, string]>([
    ['an empty title', { title: ' ' }, '/title'],
    ['two lines for a title', { title: 'a\nb' }, '/title'],
    ['no text', { body: '' }, '/body'],
    ['too much text', { body: 'é'.repeat(100_001) }, '/body'],
    ['null for metadata', { seo: null }, '/seo'],
    ['null for a part of the metadata', { seo: { title: 'x', description: null } }, '/seo/description'],
    ['long metadata', { seo: { title: 'x'.repeat(61), description: 'x', keywords: [] } }, '/seo/title'],
    ['eleven keywords', { seo: { title: 'x', description: 'x', keywords: Array(11).fill('k') } }, '/seo/keywords'],
    ['a tag that is a way upwards', { tags: ['..'] }, '/tags'],
    ['a title that is long before its second line', { title: `${'a'.repeat(500_000)}\n` }, '/title'],
    ['one tag twice', { tags: ['a', 'a'] }, '/tags'],
    ['one tag in two cases', { tags: ['Energy', 'energy'] }, '/tags'],
    ['an unknown field', { body: 'x', state: 'PUBLISHED' }, '/state'],
    ['a NUL character', { body: 'x\0' }, '/body'],
  ])('refuses %s', async (_what, payload, pointer) => {
    const id = await stage.made();
    const { status, json } = await stage.change('owner', id, 'edit', payload);
    expect(status).toBe(422);
    expect(json.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect((await stage.read(id)).json.version.number).toBe(1);
  });

  it('takes a text of 200,000 bytes, and publishes it', async () => {
    const id = await stage.made();
    const words = Array.from({ length: 40_000 }, (_, n) => n.toString(36).padStart(4, 'q'));
    expect((await stage.change('owner', id, 'edit', { body: words.join(' ').slice(0, 200_000) })).status).toBe(200);
    expect((await stage.change('editor', id, 'approve', { publish: true })).status).toBe(200);
  });

  it('of a draft without search metadata needs some, and gives the item its slug', async () => {
    const id = await stage.made({ state: 'DRAFT', seo: null, title: 'Über die Gezeiten' });
    expect((await stage.change('owner', id, 'edit', { title: 'Ebb' })).json.errors[0].pointer).toBe('/seo');
    const seo = { title: 'Ebb', description: 'Ebb and flow.', keywords: [] };
    expect((await stage.change('owner', id, 'edit', { seo })).json).toMatchObject({ slug: 'uber-die-gezeiten' });
    expect((await stage.change('owner', id, 'rollback', { version: 1, reason })).json.version).toMatchObject({
      seo,
      number: 3,
    });
  });
});

describe('deciding', () => {
  it('is for editors: own content 403, somebody else’s 404', async () => {
    const id = await stage.made();
    for (const verb of ['approve', 'reject', 'publish', 'unpublish']) {
      const payload = verb === 'reject' ? { reason } : {};
      expect([verb, (await stage.change('owner', id, verb, payload)).json.code]).toEqual([verb, 'forbidden']);
      expect([verb, (await stage.change('other', id, verb, payload)).json.code]).toEqual([verb, 'not_found']);
      const unnamed = await stage.ask('editor', 'POST', `/content/${id}/${verb}`, payload);
      expect([verb, unnamed.json.code]).toEqual([verb, 'if_match_required']);
    }
    for (const verb of ['edit', 'rollback']) {
      const payload = verb === 'edit' ? { title: 'x' } : { version: 1, reason };
      expect([verb, (await stage.change('other', id, verb, payload)).json.code]).toEqual([verb, 'not_found']);
    }
  });

  it('follows a version from approval to the site and off it', async () => {
    const id = await stage.made({ title: 'Tides', tags: ['sea'] });
    const approved = await stage.change('editor', id, 'approve', { feedback: 'Well done.' });
    expect(approved.json.version).toMatchObject({ state: 'APPROVED' });
    expect(approved.json.links.page).toBeNull();
    // What was read before the approval is not what a second editor may publish.
    const before = (approved.json.version.etag as string).replace('APPROVED', 'AWAITING_APPROVAL');
    expect((await stage.send('second', id, 'publish', {}, before)).json.code).toBe('stale_version');
    const published = await stage.send('second', id, 'publish', {}, approved.json.version.etag as string);
    expect(published.json).toMatchObject({ published_version: 1, version: { state: 'PUBLISHED' } });
    expect(published.json.links.page).toBe(`/site/posts/${published.json.slug as string}`);
    await stage.change('owner', id, 'edit', { body: 'Newer.' });
    expect((await stage.read(id)).json).toMatchObject({ published_version: 1, version: { number: 2 } });
    expect(await stage.sql('SELECT version, body FROM published_posts WHERE item_id = $1', [id])).toEqual([
      { version: 1, body: '# Tides\n\nThe moon pulls.\n' },
    ]);
    const renewed = await stage.change('editor', id, 'approve', { publish: true });
    expect(renewed.json).toMatchObject({ published_version: 2, version: { state: 'PUBLISHED' } });
    const [post] = await stage.sql('SELECT * FROM published_posts WHERE item_id = $1', [id]);
    expect(post).toMatchObject({ version: 2, body: 'Newer.', plain_text: 'Newer.', headings: '', tags: ['sea'] });
    expect(post).toMatchObject({ description: 'Newer.', keywords: ['moon'], title: 'Tides' });
    expect((await stage.ask('owner', 'GET', `/content/${id}/versions/1`)).json.state).toBe('UNPUBLISHED');
    const down = await stage.change('second', id, 'unpublish', { feedback: 'A complaint.' });
    expect(down.json).toMatchObject({ published_version: null, version: { state: 'UNPUBLISHED' } });
    expect(await stage.sql('SELECT FROM published_posts WHERE item_id = $1', [id])).toEqual([]);
    const again = await stage.change('editor', id, 'publish');
    expect(again.json.version.state).toBe('PUBLISHED');
    const [{ first, newest }] = await stage.sql<{ first: Date; newest: Date }>(
      'SELECT first_published_at AS first, published_at AS newest FROM published_posts WHERE item_id = $1',
      [id],
    );
    const { json: reviews } = await stage.ask('owner', 'GET', `/content/${id}/reviews`);
    const history = reviews as { decision: string; version: number; actor_id: string; feedback: string; at: string }[];
    expect(history.map(({ decision, version }) => `${decision} ${version}`).reverse()).toEqual([
      ...['approved 1', 'published 1', 'approved 2', 'unpublished 1', 'published 2'],
      ...['unpublished 2', 'published 2'],
    ]);
    expect(history.at(-1)).toMatchObject({ actor_id: stage.idOf('editor'), feedback: 'Well done.', title: 'Tides' });
    expect(history.at(-4)).toMatchObject({ actor_id: stage.idOf('editor'), feedback: null });
    expect([first.toISOString(), newest.toISOString()]).toEqual([history.at(-2)?.at, history[0].at]);
  });

  it('takes down an older version that is still public, named by its own tag or by the newest one', async () => {
    for (const which of [1, 2]) {
      const id = await stage.made();
      await stage.change('editor', id, 'approve', { publish: true });
      await stage.change('owner', id, 'edit', { body: 'Newer.' });
      const { json } = await stage.ask('editor', 'GET', `/content/${id}/versions/${which}`);
      const down = await stage.ask('editor', 'POST', `/content/${id}/unpublish`, {}, json.etag);
      expect(down.json).toMatchObject({ published_version: null, version: { number: 2, state: 'AWAITING_APPROVAL' } });
      expect((await stage.ask('editor', 'GET', `/content/${id}/versions/1`)).json.state).toBe('UNPUBLISHED');
    }
  });

  it('that is repeated by the same person changes nothing and answers the same', async () => {
    const id = await stage.made();
    const etag = await stage.etagOf(id);
    const repeat = (name: Parameters<ContentStage['ask']>[0], verb: string, payload: object = {}) =>
      stage.ask(name, 'POST', `/content/${id}/${verb}`, payload, etag);
    for (const verb of ['approve', 'publish', 'unpublish']) {
      expect([verb, (await repeat('editor', verb)).status]).toEqual([verb, 200]);
      expect([verb, (await repeat('editor', verb)).status]).toEqual([verb, 200]);
      expect([verb, (await repeat('second', verb)).json.code]).toEqual([verb, 'stale_version']);
      expect([verb, (await stage.change('second', id, verb)).json.code]).toEqual([verb, 'wrong_state']);
    }
    expect((await stage.ask('editor', 'GET', `/content/${id}/reviews`)).json).toHaveLength(3);
  });

  it('to unpublish an older version may be repeated, too, whichever tag names it', async () => {
    for (const [which, refused] of [
      [1, 'stale_version'],
      [2, 'wrong_state'],
    ]) {
      const id = await stage.made();
      await stage.change('editor', id, 'approve', { publish: true });
      await stage.change('owner', id, 'edit', { body: 'Newer.' });
      const { json } = await stage.ask('editor', 'GET', `/content/${id}/versions/${which}`);
      const down = (name: 'editor' | 'second') => stage.send(name, id, 'unpublish', {}, json.etag as string);
      expect([which, (await down('editor')).status]).toEqual([which, 200]);
      expect([which, (await down('editor')).status]).toEqual([which, 200]);
      expect((await down('second')).json.code).toBe(refused);
      expect((await stage.ask('editor', 'GET', `/content/${id}/reviews`)).json).toHaveLength(3);
    }
  });

  it('that is repeated in other words is none: they would be lost', async () => {
    const id = await stage.made();
    const etag = await stage.etagOf(id);
    const reject = (payload: object) => stage.send('editor', id, 'reject', { reason, ...payload }, etag);
    expect((await reject({})).status).toBe(200);
    for (const other of [{ reason: 'The title promises too much.' }, { feedback: 'Cite two.' }]) {
      expect((await reject(other)).json).toMatchObject({ status: 409, code: 'wrong_state' });
    }
    expect((await reject({})).status).toBe(200);
    expect((await stage.ask('editor', 'GET', `/content/${id}/reviews`)).json).toMatchObject([{ reason }]);
  });

  it('to reject needs a reason, keeps it, and starts one revision with it', async () => {
    const id = await stage.made();
    expect((await stage.change('editor', id, 'reject', {})).json.errors[0].pointer).toBe('/reason');
    expect((await stage.change('editor', id, 'reject', { reason: 'Too short' })).json.errors[0].pointer).toBe(
      '/reason',
    );
    const etag = await stage.etagOf(id);
    const reject = () => stage.ask('editor', 'POST', `/content/${id}/reject`, { reason, feedback: 'Cite two.' }, etag);
    const { status, json } = await reject();
    expect([status, json.version.state]).toEqual([200, 'REJECTED']);
    const taskId = json.revision_task_id as string;
    expect((await reject()).json.revision_task_id).toBe(taskId);
    const [job] = await stage.sql('SELECT kind, owner_id, input FROM jobs WHERE id = $1', [taskId]);
    expect(job).toEqual({
      ...{ kind: revisionKind, owner_id: stage.idOf('owner') },
      input: { content_id: id, version: 1, instructions: `${reason}\n\nCite two.` },
    });
    const { json: reviews } = await stage.ask('owner', 'GET', `/content/${id}/reviews`);
    expect(reviews).toMatchObject([
      { decision: 'rejected', reason, feedback: 'Cite two.', actor_id: stage.idOf('editor') },
    ]);
    const quiet = await stage.made();
    expect((await stage.change('editor', quiet, 'reject', { reason, revise: false })).json.revision_task_id).toBeNull();
    expect(await stage.sql(`SELECT FROM jobs WHERE input ->> 'content_id' = $1`, [quiet])).toEqual([]);
  });

  it('to reject is recorded together with its revision or not at all, and goes on in the same trace', async () => {
    const id = await stage.made();
    const admin = new Client({ connectionString: stage.database.adminUrl });
    await admin.connect();
    await admin.query(
      `CREATE FUNCTION refuse_job() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
       CREATE TRIGGER refuse_job BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION refuse_job()`,
    );
    const refused = await stage.change('editor', id, 'reject', { reason });
    await admin.query('DROP FUNCTION refuse_job CASCADE');
    await admin.end();
    expect(refused.status).toBe(500);
    expect((await stage.read(id)).json.version.state).toBe('AWAITING_APPROVAL');
    expect((await stage.ask('editor', 'GET', `/content/${id}/reviews`)).json).toEqual([]);

    const { json } = await stage.change('editor', id, 'reject', { reason });
    const [job] = await stage.sql('SELECT traceparent, status FROM jobs WHERE id = $1', [json.revision_task_id]);
    expect(job).toEqual({
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) as string,
      status: 'PENDING',
    });
  });

  it('to edit the text has it judged, and what is brought back keeps its verdict', async () => {
    const id = await stage.made();
    const quality = { score: 88.5, criteria: [] };
    await stage.sql('UPDATE content_versions SET quality = $2 WHERE item_id = $1', [id, JSON.stringify(quality)]);
    const tasks = () =>
      stage.sql(
        `SELECT kind, owner_id, (input ->> 'version')::int AS version FROM jobs WHERE input ->> 'content_id' = $1`,
        [id],
      );
    const retagged = await stage.change('owner', id, 'edit', { tags: ['sea'] });
    expect([retagged.json.version.number, retagged.json.version.quality]).toEqual([2, quality]);
    expect(await tasks()).toEqual([]);

    const edited = await stage.change('owner', id, 'edit', { body: 'Another text.' });
    expect([edited.json.version.number, edited.json.version.quality]).toEqual([3, null]);
    expect(await tasks()).toEqual([{ kind: evaluationKind, owner_id: stage.idOf('owner'), version: 3 }]);

    const back = await stage.change('owner', id, 'rollback', { version: 1, reason });
    expect([back.json.version.number, back.json.version.quality]).toEqual([4, quality]);
    expect(await tasks()).toHaveLength(1);
  });
});

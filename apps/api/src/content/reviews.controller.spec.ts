import { randomUUID } from 'node:crypto';
import { ContentStage, reason } from './testing.js';

let stage: ContentStage;
beforeAll(async () => (stage = await ContentStage.open()));
afterAll(() => stage.close());

describe('decisions in bulk', () => {
  it('are taken one by one, each with its own answer', async () => {
    const [good, bad, gone, own] = [
      await stage.made(),
      await stage.made(),
      randomUUID(),
      await stage.made({ ownerId: stage.idOf('editor') }),
    ];
    const etag = await stage.etagOf(good);
    const items = [
      { content_id: good, etag, decision: 'approve', publish: true },
      { content_id: bad, etag: await stage.etagOf(bad), decision: 'reject', reason },
      { content_id: good, etag, decision: 'unpublish', feedback: 'On second thoughts.' },
      { content_id: gone, etag, decision: 'approve' },
      { content_id: own, etag: await stage.etagOf(own), decision: 'approve' },
      { content_id: own, etag, decision: 'publish' },
      { content_id: own, etag: await stage.etagOf(own), decision: 'publish' },
      { content_id: own, etag, decision: 'reject' },
      { content_id: own, etag, decision: 'publish', revise: false, actor_id: 'somebody' },
      'approve',
    ];
    const { status, json } = await stage.ask('editor', 'POST', '/reviews/bulk', items);
    expect(status).toBe(200);
    expect(json).toMatchObject([
      { content_id: good, version: { state: 'UNPUBLISHED' } },
      { content_id: bad, version: { state: 'REJECTED' } },
      { content_id: good, published_version: null },
      { code: 'not_found' },
      { code: 'four_eyes' },
      { code: 'stale_version' },
      { code: 'wrong_state' },
      { code: 'validation_failed', errors: [{ pointer: '/reason' }] },
      { code: 'validation_failed' },
      { code: 'validation_failed', errors: [{ pointer: '' }] },
    ]);
    expect((await stage.ask('editor', 'GET', `/content/${good}/reviews`)).json).toHaveLength(3);
  });

  it('are for editors, from 1 to 100', async () => {
    expect((await stage.ask('owner', 'POST', '/reviews/bulk', [])).json.code).toBe('forbidden');
    for (const body of [[], {}, Array(101).fill({})]) {
      expect((await stage.ask('editor', 'POST', '/reviews/bulk', body)).json.code).toBe('validation_failed');
    }
  });
});

describe('the audit view', () => {
  it('names who decided and who wrote, out of the cache, also when they are gone since', async () => {
    const [{ username: editor }, { username: owner }] = await Promise.all(
      (['editor', 'owner'] as const).map((name) => stage.me(name)),
    );
    const id = await stage.made();
    await stage.change('editor', id, 'approve');
    await stage.sql('UPDATE users SET disabled_at = now() WHERE username = $1', [editor]);
    for (const path of [`/content/${id}/reviews`, '/reviews?limit=1']) {
      expect((await stage.ask('second', 'GET', path)).json).toMatchObject([{ actor_name: editor }]);
    }
    const versions = () => stage.ask('second', 'GET', `/content/${id}/versions`);
    expect((await versions()).json).toMatchObject([{ author_id: stage.idOf('owner'), author_name: owner }]);
    const { hits, misses } = stage.cacheOf('user');
    expect((await versions()).json).toMatchObject([{ author_name: owner }]);
    expect(stage.cacheOf('user')).toMatchObject({ hits: hits + 1, misses });
    // A name that is kept lets nobody in.
    expect((await stage.ask('editor', 'GET', '/reviews')).status).toBe(401);
    await stage.sql('UPDATE users SET disabled_at = NULL WHERE username = $1', [editor]);
  });

  it('has no names for people of another issuer', async () => {
    const id = await stage.made({ ownerId: 'auth0|1' });
    expect((await stage.ask('editor', 'GET', `/content/${id}/versions`)).json).toMatchObject([{ author_name: null }]);
  });

  it('answers who decided what, when and why, page by page', async () => {
    const [one, two] = [await stage.made(), await stage.made()];
    await stage.change('second', one, 'approve', { publish: true });
    await stage.change('second', two, 'reject', { reason });
    const { json: all, headers } = await stage.ask('editor', 'GET', '/reviews?limit=2');
    expect(all).toMatchObject([{ content_id: two, decision: 'rejected', reason }, { content_id: one }]);
    const next = /<([^>]+)>/.exec(headers.link as string)?.[1] ?? '';
    const { json: rest } = await stage.ask('editor', 'GET', next);
    expect(rest[0]).toMatchObject({
      content_id: one,
      decision: 'approved',
      seq: all[1].seq - 1,
      hash: all[1].previous_hash,
    });
    const found = async (query: string) =>
      ((await stage.ask('admin', 'GET', `/reviews?${query}`)).json as { content_id: string; decision: string }[]).map(
        ({ content_id: id, decision }) => [id, decision],
      );
    expect(await found(`content_id=${two.toUpperCase()}`)).toEqual([[two, 'rejected']]);
    expect(await found(`actor_id=${stage.idOf('second')}&decision=rejected,published&limit=2`)).toEqual([
      [two, 'rejected'],
      [one, 'published'],
    ]);
    const at = all[1].at as string;
    expect(await found(`content_id=${one}&from=${at}&decision=published`)).toEqual([[one, 'published']]);
    expect(await found(`content_id=${one}&to=${at}&decision=published`)).toEqual([]);
    expect((await stage.ask('owner', 'GET', '/reviews')).json.code).toBe('forbidden');
    const bad = ['decision=edited', 'content_id=x', 'from=yesterday', 'limit=1e1', 'cursor=AAAA'];
    for (const query of bad)
      expect([query, (await stage.ask('editor', 'GET', `/reviews?${query}`)).status]).toEqual([query, 400]);
  });

  it('is exported whole, with its head, and no cell is a formula', async () => {
    const id = await stage.made();
    const feedback = '=HYPERLINK("http://evil.example"),\nx';
    await stage.change('second', id, 'approve', { feedback });
    const lines = (text: string) => text.split('\n').filter((line) => line !== '');
    const ndjson = await stage.ask('admin', 'GET', '/reviews/export');
    const rows = lines(ndjson.text).map((line) => JSON.parse(line) as Record<string, unknown>);
    const { head } = rows.at(-1) as { head: { seq: number; hash: string } };
    expect(ndjson.headers['review-chain-head']).toBe(`${head.seq}:${head.hash}`);
    expect(ndjson.headers['content-type']).toContain('application/x-ndjson');
    expect(rows.slice(0, -1).map(({ seq }) => seq)).toEqual(Array.from({ length: head.seq }, (_, n) => n + 1));
    expect(rows.at(-2)).toMatchObject({ content_id: id, version: 1, feedback, reason: null, hash: head.hash });
    const csv = await stage.ask('admin', 'GET', '/reviews/export?format=csv');
    expect(csv.headers['content-disposition']).toBe('attachment; filename="reviews.csv"');
    expect(csv.text).toContain(`,"'=HYPERLINK(""http://evil.example""),\nx",`);
    const csvLines = csv.text.split('\r\n');
    expect(csvLines).toHaveLength(head.seq + 3);
    expect(csvLines.at(-2)).toBe(`${head.seq},,,,head,,,,,,${head.hash}`);
    expect((await stage.ask('editor', 'GET', '/reviews/export?format=csv')).status).toBe(403);
    expect((await stage.ask('admin', 'GET', '/reviews/export?format=xml')).status).toBe(400);
  });
});

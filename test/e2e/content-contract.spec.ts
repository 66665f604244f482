import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describeOnEachBackend } from '../support/backends.js';
import { call, startDeployment, type Answer, type CallOptions, type Deployment } from '../support/deployment.js';

jest.setTimeout(60_000);

type Caller = 'user' | 'other' | 'editor' | 'admin' | 'nobody';

const reason = 'The second paragraph has no source.';
const nowhere = '01900000-0000-7000-8000-000000000000';
const changes = {
  edit: ['PATCH', '', { title: 'Newer' }],
  rollback: ['POST', '/rollback', { version: 1, reason }],
  approve: ['POST', '/approve', {}],
  reject: ['POST', '/reject', { reason, revise: false }],
  publish: ['POST', '/publish', {}],
  unpublish: ['POST', '/unpublish', {}],
} as const satisfies Record<string, readonly [method: string, path: string, body: object]>;
type Change = keyof typeof changes;
const verbs = Object.keys(changes) as Change[];
const decisions = ['approve', 'reject', 'publish', 'unpublish'] as const;

/** What of a refusal tells something: not whose request it was, and about which id. */
const shape = ({ status, text }: Answer, id: string) => [
  status,
  text.replaceAll(id, 'ID').replace(/"(request|trace)_id":"[^"]*"/g, ''),
];

/** The sentences of the HTTP contract about content, one by one, against two apis and a worker. */
describeOnEachBackend('the HTTP contract of content', (backend) => {
  let deployment: Deployment;
  let calls = 0;

  beforeAll(async () => {
    deployment = await startDeployment({ backend, apis: 2, workers: 1 });
  }, 60_000);
  afterAll(() => deployment.stop());

  /** The apis take the calls in turn. */
  function ask(as: Caller, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const api = deployment.apis[calls++ % 2];
    return call(api, method, path, { ...(as !== 'nobody' && { token: deployment.users[as].token }), ...options });
  }
  const get = (as: Caller, path: string) => ask(as, 'GET', path);
  const send = (as: Caller, id: string, change: Change, etag?: string | null, body?: object) => {
    const [method, path, usual] = changes[change];
    const headers: Record<string, string> = etag == null ? {} : { 'if-match': etag };
    return ask(as, method, `/content/${id}${path}`, { body: { ...usual, ...body }, headers });
  };
  const etagOf = async (id: string) => (await get('editor', `/content/${id}`)).headers.get('etag') ?? '';
  /** A change of the newest version as it is now. */
  const change = async (as: Caller, id: string, which: Change, body?: object) =>
    send(as, id, which, await etagOf(id), body);

  /** An item of the user's that awaits approval: made by the worker, out of texts. */
  async function generated(topic: string): Promise<string> {
    const body = {
      ...{ task_type: 'content_generation', topic, format: 'blog_post', target_length: 200, tags: ['sea'] },
      sources: [
        `The moon pulls at the sea. ${topic}: twice a day the water rises and falls. Bays and straits make tides higher.`,
        'A tide table says when the water is high. Spring tides come with the full moon and with the new moon.',
      ],
    };
    const { status, json } = await ask('user', 'POST', '/tasks', { body, headers: { prefer: 'wait=25' } });
    expect([status, json.status]).toEqual([202, 'SUCCESS']);
    expect(json.result_payload.content_id).toBe(json.task_id);
    return json.task_id as string;
  }
  const publicly = async (slug: string) =>
    Promise.all(
      deployment.apis.flatMap((api) =>
        [`/public/posts/${slug}`, `/site/posts/${slug}`].map(async (path) => (await call(api, 'GET', path)).status),
      ),
    );

  describe('reading', () => {
    let id: string;
    beforeAll(async () => {
      id = await generated('Tides on the coast');
      expect((await change('user', id, 'edit', { body: 'The moon pulls harder.', reason: 'Too long.' })).status).toBe(
        200,
      );
    });

    it('shows an item with its newest version, and its ETag', async () => {
      for (const reader of ['user', 'editor', 'admin'] as const) {
        const { status, headers, json } = await get(reader, `/content/${id}`);
        expect(status).toBe(200);
        expect(headers.get('etag')).toMatch(/^"2-[0-9a-f]{16}-AWAITING_APPROVAL"$/);
        expect(headers.get('etag')).toBe(json.version.etag);
        expect(json).toMatchObject({
          ...{ content_id: id, owner_id: deployment.users.user.id, tags: ['sea'], published_version: null },
          version: { number: 2, origin: 'edit', parent: 1, author_id: deployment.users.user.id, reason: 'Too long.' },
          links: { self: `/content/${id}`, task: `/tasks/${id}`, page: null },
        });
      }
      expect((await get('user', `/content/${id.toUpperCase()}`)).status).toBe(200);
    });

    it('lists own items, editors all, page by page', async () => {
      const ids = async (as: Caller, query: string) =>
        ((await get(as, `/content?${query}`)).json as { content_id: string }[]).map(({ content_id }) => content_id);
      expect(await ids('user', 'state=AWAITING_APPROVAL&tag=sea&format=blog_post&q=coast')).toEqual([id]);
      expect(await ids('editor', `owner_id=${deployment.users.user.id}&q=${id.slice(0, 13)}`)).toContain(id);
      expect(await ids('other', 'limit=100')).toEqual([]);
      expect(await ids('user', 'state=PUBLISHED&q=coast')).toEqual([]);
      const foreign = await get('other', `/content?owner_id=${deployment.users.user.id}`);
      expect([foreign.status, foreign.json.code]).toEqual([403, 'forbidden']);
      for (const bad of [
        'state=GONE',
        'limit=0',
        'limit=1e1',
        'cursor=AAAA',
        'evil=1',
        'format=blog_post&format=email',
      ])
        expect([bad, (await get('user', `/content?${bad}`)).status]).toEqual([bad, 400]);
    });

    it('shows versions, each with its text, and what differs between two', async () => {
      const { json: versions } = await get('user', `/content/${id}/versions`);
      expect(versions).toMatchObject([
        { number: 1, origin: 'draft', parent: null, state: 'DRAFT', task_id: id },
        { number: 2, origin: 'edit', parent: 1, state: 'AWAITING_APPROVAL', task_id: null },
      ]);
      expect(versions[0].body).toBeUndefined();
      expect(versions[0].quality.criteria).toHaveLength(7);
      const first = await get('user', `/content/${id}/versions?limit=1`);
      expect(first.headers.get('link')).toBe(`</content/${id}/versions?after=1&limit=1>; rel="next"`);
      const one = await get('user', `/content/${id}/versions/1`);
      expect(one.headers.get('etag')).toMatch(/^"1-[0-9a-f]{16}-DRAFT"$/);
      expect(one.json.body).toContain('[1]');
      const { json: diff } = await get('user', `/content/${id}/versions/1/diff/2`);
      expect(diff).toMatchObject({ from: 1, to: 2, granularity: expect.any(String) });
      expect(diff.unified).toContain('+The moon pulls harder.');
      const side = (op: string) =>
        (diff.words as { op: string; text: string }[])
          .filter((run) => run.op === 'equal' || run.op === op)
          .map(({ text }) => text)
          .join('');
      expect([side('delete'), side('insert')]).toEqual([one.json.body, 'The moon pulls harder.']);
      for (const number of ['0', '3', '-1', '1e0', 'x', '9'.repeat(30)])
        expect([number, (await get('user', `/content/${id}/versions/${number}`)).status]).toEqual([number, 404]);
      expect((await get('user', `/content/${id}/versions/1/diff/3`)).status).toBe(404);
    });

    it('answers for content of others as for content that is not there', async () => {
      for (const path of ['', '/versions', '/versions/1', '/versions/1/diff/2', '/reviews']) {
        const [theirs, none] = [
          await get('other', `/content/${id}${path}`),
          await get('other', `/content/${nowhere}${path}`),
        ];
        expect([path, ...shape(theirs, id)]).toEqual([path, ...shape(none, nowhere)]);
        expect([theirs.status, theirs.json.code]).toEqual([404, 'not_found']);
        expect((await get('nobody', `/content/${id}${path}`)).status).toBe(401);
      }
      for (const verb of verbs) {
        const [theirs, none] = [
          await send('other', id, verb, await etagOf(id)),
          await send('other', nowhere, verb, '"1-0000000000000000-DRAFT"'),
        ];
        expect([verb, ...shape(theirs, id)]).toEqual([verb, ...shape(none, nowhere)]);
        expect([verb, theirs.status]).toEqual([verb, 404]);
        expect((await send('nobody', id, verb, await etagOf(id))).status).toBe(401);
      }
      expect((await get('user', '/content/no-uuid')).status).toBe(404);
    });

    it('refuses methods and media types that a path does not have', async () => {
      const deleted = await ask('user', 'DELETE', `/content/${id}`);
      expect([deleted.status, deleted.headers.get('allow')]).toEqual([
        405,
        expect.stringMatching(/GET.*PATCH|PATCH.*GET/),
      ]);
      const headers = { 'content-type': 'text/plain', 'if-match': await etagOf(id) };
      expect((await ask('user', 'PATCH', `/content/${id}`, { body: 'x', headers })).status).toBe(415);
    });
  });

  describe('changing', () => {
    it('needs If-Match: 428 without, 400 for what is none, 412 for another version', async () => {
      const id = await generated('Tides and their tables');
      const etag = await etagOf(id);
      for (const verb of verbs) {
        const by = verb === 'edit' || verb === 'rollback' ? 'user' : 'editor';
        const codes = async (tag: string | null) => {
          const { status, json } = await send(by, id, verb, tag);
          return [verb, status, json.code];
        };
        expect(await codes(null)).toEqual([verb, 428, 'if_match_required']);
        for (const tag of ['*', `${etag}, "x"`, etag.slice(1)])
          expect(await codes(tag)).toEqual([verb, 400, 'invalid_header']);
        const stale = [
          etag.replace('"1-', '"2-'),
          etag.replace(/-[0-9a-f]{16}-/, '-0000000000000000-'),
          `W/${etag}`,
          '""',
        ];
        for (const tag of stale) expect([tag, ...(await codes(tag))]).toEqual([tag, verb, 412, 'stale_version']);
      }
      expect(await etagOf(id)).toBe(etag);
    });

    it('makes versions: an edit and a rollback, with the ETag of what came of them', async () => {
      const id = await generated('Tides in a bay');
      const edited = await change('editor', id, 'edit', { title: 'Tides in bays' });
      expect(edited.json.version).toMatchObject({
        number: 2,
        title: 'Tides in bays',
        author_id: deployment.users.editor.id,
      });
      expect(edited.headers.get('etag')).toBe(await etagOf(id));
      const back = await send('user', id, 'rollback', edited.headers.get('etag'), { version: 1 });
      expect(back.json.version).toMatchObject({
        number: 3,
        parent: 1,
        origin: 'rollback',
        reason,
        title: 'Tides in a bay',
      });
      expect(back.headers.get('etag')).toBe(await etagOf(id));
      const refused = async (which: Change, body: object) =>
        (await change('user', id, which, body)).json.errors[0].pointer;
      expect(await refused('rollback', { version: 3 })).toBe('/version');
      expect(await refused('rollback', { version: 9 })).toBe('/version');
      expect(await refused('rollback', { reason: 'short' })).toBe('/reason');
      expect(await refused('edit', { body: ' ' })).toBe('/body');
      // Who did it is who the token says.
      expect(await refused('edit', { author_id: deployment.users.other.id })).toBe('/author_id');
    });

    it('decides as an editor, with four eyes, once', async () => {
      const id = await generated('Spring tides');
      for (const verb of decisions) {
        const { status, json } = await change('user', id, verb);
        expect([verb, status, json.code]).toEqual([verb, 403, 'forbidden']);
      }
      expect((await change('editor', id, 'publish')).json).toMatchObject({ status: 409, code: 'wrong_state' });
      expect((await change('editor', id, 'edit', { title: 'Neap tides' })).status).toBe(200);
      const own = await change('editor', id, 'approve', { publish: true });
      expect([own.status, own.json.code]).toEqual([403, 'four_eyes']);
      expect((await change('admin', id, 'approve', { actor_id: 'x' })).json.errors[0].pointer).toBe('/actor_id');
      const etag = await etagOf(id);
      const approve = () => send('admin', id, 'approve', etag, { feedback: 'Well done.' });
      expect([(await approve()).status, (await approve()).status]).toEqual([200, 200]);
      expect((await send('editor', id, 'approve', etag)).json).toMatchObject({ status: 412, code: 'stale_version' });
      const { json: history } = await get('user', `/content/${id}/reviews`);
      expect(history).toMatchObject([
        { decision: 'approved', version: 2, actor_id: deployment.users.admin.id, feedback: 'Well done.', reason: null },
      ]);
    });

    it('rejects with a reason of 10 to 1,000 characters, which the next version carries', async () => {
      const id = await generated('Neap tides');
      for (const bad of [undefined, 'too short', 'x'.repeat(1_001), ' '.repeat(20)]) {
        const { status, json } = await change('editor', id, 'reject', { reason: bad });
        expect([bad?.length, status, json.errors[0].pointer]).toEqual([bad?.length, 422, '/reason']);
      }
      const { json: rejected } = await change('editor', id, 'reject', {
        reason: 'Say more about bays and straits.'.padEnd(1_000, ' And of the moon.').slice(0, 1_000),
        feedback: 'Shorter.'.padEnd(2_000, ' Simpler.').slice(0, 2_000),
        revise: true,
      });
      expect(rejected.version).toMatchObject({ number: 1, state: 'REJECTED' });
      const wait = { headers: { prefer: 'wait=20' } };
      const task = async () => (await ask('user', 'GET', `/tasks/${rejected.revision_task_id}`, wait)).json;
      let revision = await task();
      while (['PENDING', 'RUNNING'].includes(revision.status as string)) revision = await task();
      expect(revision).toMatchObject({ status: 'SUCCESS', task_type: 'content_revision' });
      const { json: item } = await get('editor', `/content/${id}`);
      expect(item.version).toMatchObject({ number: 2, state: 'AWAITING_APPROVAL', origin: 'refinement', parent: 1 });
      expect(item.version.reason).toContain('Say more about bays and straits.');
      const quiet = await change('editor', id, 'reject', { revise: false });
      expect(quiet.json).toMatchObject({ revision_task_id: null, version: { state: 'REJECTED' } });
    });
  });

  it('has examples in its document that can be sent as they are', async () => {
    const { schemas } = (await get('nobody', '/docs/openapi.json')).json.components as {
      schemas: Record<string, { properties: Record<string, { example?: unknown; $ref?: string }> }>;
    };
    const exampleOf = (name: string): object =>
      Object.fromEntries(
        Object.entries(schemas[name].properties).flatMap(([field, { example, $ref }]) => {
          if ($ref !== undefined) return [[field, exampleOf($ref.slice($ref.lastIndexOf('/') + 1))]];
          return example === undefined ? [] : [[field, example]];
        }),
      );
    const id = await generated('Tides in examples');
    const sent = async (which: Change, dto: string) => {
      const [method, path] = changes[which];
      const headers = { 'if-match': await etagOf(id) };
      const as = which === 'edit' || which === 'rollback' ? 'user' : 'editor';
      const body = exampleOf(dto);
      expect(Object.keys(body).length).toBeGreaterThan(0);
      const { status, text } = await ask(as, method, `/content/${id}${path}`, { body, headers });
      expect([which, status, status === 200 ? '' : text]).toEqual([which, 200, '']);
    };
    await sent('edit', 'EditContentDto');
    await sent('rollback', 'RollbackDto');
    await sent('approve', 'ApproveDto');
    await sent('publish', 'DecisionDto');
    await sent('unpublish', 'DecisionDto');
    await sent('edit', 'EditContentDto');
    await sent('reject', 'RejectDto');
  });

  it('publishes what is approved, at once at all apis, and takes it down', async () => {
    const id = await generated('Tides for sailors');
    const { slug } = (await get('user', `/content/${id}`)).json as { slug: string };
    expect(await publicly(slug)).toEqual([404, 404, 404, 404]);
    const published = await change('editor', id, 'approve', { publish: true });
    expect(published.json).toMatchObject({ published_version: 1, links: { page: `/site/posts/${slug}` } });
    expect(await publicly(slug)).toEqual([200, 200, 200, 200]);
    // What is no ASCII outlives the bundle.
    expect((await get('nobody', `/site/posts/${slug}`)).text).toContain(' · ');
    // What is edited meanwhile is not shown.
    await change('user', id, 'edit', { body: 'Not yet for everybody.' });
    const { json: post } = await get('nobody', `/public/posts/${slug}`);
    expect(JSON.stringify(post)).not.toContain('Not yet for everybody.');
    const down = await change('admin', id, 'unpublish', { feedback: 'A complaint.' });
    expect(down.json).toMatchObject({ published_version: null, version: { number: 2, state: 'AWAITING_APPROVAL' } });
    expect(await publicly(slug)).toEqual([404, 404, 404, 404]);
    await change('editor', id, 'approve');
    const again = await change('admin', id, 'publish');
    expect(again.json).toMatchObject({ published_version: 2, slug, version: { state: 'PUBLISHED' } });
    expect((await get('nobody', `/public/posts/${slug}`)).text).toContain('Not yet for everybody.');
  });

  it('decides in bulk, each item by itself, and for editors only', async () => {
    const [good, own] = [await generated('Tides on Mondays'), await generated('Tides on Tuesdays')];
    await change('editor', own, 'edit');
    const items = [
      { content_id: good, etag: await etagOf(good), decision: 'approve', publish: true },
      { content_id: own, etag: await etagOf(own), decision: 'approve' },
      { content_id: own, etag: '"1-0000000000000000-DRAFT"', decision: 'reject', reason },
      { content_id: nowhere, etag: '"1-0000000000000000-DRAFT"', decision: 'publish' },
      { content_id: own, etag: await etagOf(own), decision: 'reject' },
    ];
    const { status, json } = await ask('editor', 'POST', '/reviews/bulk', { body: items });
    expect(status).toBe(200);
    expect(json).toMatchObject([
      { content_id: good, published_version: 1 },
      { status: 403, code: 'four_eyes' },
      { status: 412, code: 'stale_version' },
      { status: 404, code: 'not_found' },
      { status: 422, code: 'validation_failed', errors: [{ pointer: '/reason' }] },
    ]);
    expect((await ask('user', 'POST', '/reviews/bulk', { body: items })).status).toBe(403);
    expect((await ask('nobody', 'POST', '/reviews/bulk', { body: items })).status).toBe(401);
    for (const body of [[], {}, Array(101).fill(items[0])])
      expect((await ask('editor', 'POST', '/reviews/bulk', { body })).status).toBe(422);
  });

  it('answers who approved what when, and why it was rejected', async () => {
    const since = (
      await deployment.sql<{ now: Date }>('SELECT clock_timestamp()::timestamptz(3) AS now')
    )[0].now.toISOString();
    const [kept, refused] = [await generated('Tides at dawn'), await generated('Tides at dusk')];
    await change('admin', kept, 'approve', { publish: true });
    await change('editor', refused, 'reject');
    const found = async (query: string) =>
      ((await get('editor', `/reviews?from=${since}&${query}`)).json as Record<string, unknown>[]).map(
        ({ content_id, decision, reason: why }) => [content_id, decision, why],
      );
    expect(await found(`actor_id=${deployment.users.admin.id}&decision=approved`)).toEqual([[kept, 'approved', null]]);
    expect(await found('decision=rejected')).toEqual([[refused, 'rejected', reason]]);
    expect(await found(`content_id=${kept}`)).toEqual([
      [kept, 'published', null],
      [kept, 'approved', null],
    ]);
    expect(await found(`to=${since}`)).toEqual([]);
    const page = await get('editor', `/reviews?from=${since}&limit=1`);
    const next = /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
    expect((await get('editor', next)).json[0].seq).toBe(page.json[0].seq - 1);
    for (const [as, status] of [
      ['nobody', 401],
      ['user', 403],
      ['editor', 200],
      ['admin', 200],
    ] as const)
      expect([as, (await get(as, '/reviews')).status]).toEqual([as, status]);
  });

  it('exports the approval history with a head that the built audit proves, and that a cut tail betrays', async () => {
    for (const [as, status] of [
      ['nobody', 401],
      ['user', 403],
      ['editor', 403],
    ] as const)
      expect([as, (await get(as, '/reviews/export?format=csv')).status]).toEqual([as, status]);
    expect((await get('admin', '/reviews/export?format=xml')).status).toBe(400);
    const { headers, text } = await get('admin', '/reviews/export?format=ndjson');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { head } = lines.at(-1) as { head: { seq: number; hash: string } };
    expect(headers.get('content-type')).toContain('application/x-ndjson');
    expect(headers.get('review-chain-head')).toBe(`${head.seq}:${head.hash}`);
    expect(lines).toHaveLength(head.seq + 1);
    const csv = await get('admin', '/reviews/export?format=csv');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="reviews.csv"');
    expect(csv.text.trim().split('\r\n').at(-1)).toContain(head.hash);

    const verify = (...words: string[]) =>
      promisify(execFile)(process.execPath, ['dist/bundle/cli.js', 'audit', 'verify', ...words], {
        env: { PATH: process.env.PATH, ...deployment.env },
      });
    const anchor = ['--head', `${head.seq}:${head.hash}`];
    expect((await verify(...anchor)).stdout).toContain('The approval history is whole.');
    await deployment.sql('DELETE FROM content_reviews WHERE seq = $1', [head.seq]);
    await expect(verify(...anchor)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`Row ${head.seq} was anchored and is missing`),
    });
  });
});

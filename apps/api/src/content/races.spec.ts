import { auditContent } from '@longhaul/content';
import { describeOnEachBackend } from '../../../../test/support/backends.js';
import { ContentStage, reason } from './testing.js';

const rounds = 6;

let stage: ContentStage;

type Call = readonly [name: 'owner' | 'editor' | 'second' | 'admin', verb: string, payload?: object];
const reject = { reason, revise: false };

/** What two people do at the same moment with the same version, and in which state it is by then. */
const races: readonly [what: string, before: readonly Call[], one: Call, other: Call][] = [
  ['approve against reject', [], ['editor', 'approve'], ['second', 'reject', reject]],
  ['approve and publish against reject', [], ['editor', 'approve', { publish: true }], ['second', 'reject', reject]],
  ['edit against approve', [], ['owner', 'edit', { body: 'Newer.' }], ['editor', 'approve']],
  [
    'edit against approve and publish',
    [],
    ['owner', 'edit', { body: 'Newer.' }],
    ['editor', 'approve', { publish: true }],
  ],
  [
    'rollback against reject',
    [['owner', 'edit', { body: 'x' }]],
    ['owner', 'rollback', { version: 1, reason }],
    ['editor', 'reject', reject],
  ],
  [
    'rollback against approve and publish',
    [['owner', 'edit', { body: 'x' }]],
    ['owner', 'rollback', { version: 1, reason }],
    ['editor', 'approve', { publish: true }],
  ],
  ['two approvals', [], ['editor', 'approve'], ['second', 'approve']],
  ['two rejections', [], ['editor', 'reject', reject], ['second', 'reject', reject]],
  ['approve in bulk against reject', [], ['editor', 'bulk', { decision: 'approve' }], ['second', 'reject', reject]],
  [
    'publish against unpublish, both in bulk',
    [['editor', 'approve', { publish: true }]],
    ['admin', 'bulk', { decision: 'publish' }],
    ['second', 'bulk', { decision: 'unpublish' }],
  ],
  ['two edits', [], ['owner', 'edit', { body: 'This.' }], ['editor', 'edit', { body: 'That.' }]],
  ['two publishes', [['editor', 'approve']], ['editor', 'publish'], ['second', 'publish']],
  [
    'publish against unpublish of what is public',
    [['editor', 'approve', { publish: true }]],
    ['admin', 'publish'],
    ['second', 'unpublish'],
  ],
  [
    'publish against unpublish of what was taken down',
    [
      ['editor', 'approve', { publish: true }],
      ['second', 'unpublish'],
    ],
    ['admin', 'publish'],
    ['editor', 'unpublish'],
  ],
  ['edit against publish', [['editor', 'approve']], ['owner', 'edit', { body: 'Newer.' }], ['second', 'publish']],
];

describeOnEachBackend('races', (backend) => {
  beforeAll(async () => {
    stage = await ContentStage.open({ replica: true, backend });
  });
  afterAll(() => stage.close());

  describe.each(races)('%s', (_what, before, one, other) => {
    it(`has one winner in each of ${rounds} rounds`, async () => {
      const wins = { one: 0, other: 0 };
      for (let round = 0; round < rounds; round += 1) {
        const id = await stage.made();
        for (const [name, verb, payload] of before)
          expect((await stage.change(name, id, verb, payload)).status).toBe(200);
        const [etag, rows] = [await stage.etagOf(id), await historyOf(id)];
        // Who sends first changes from round to round.
        const calls = round % 2 === 0 ? [one, other] : [other, one];
        const answers = await Promise.all(calls.map((call) => outcomeOf(call, id, etag)));
        const won = calls.filter((_call, index) => answers[index] === 'done');
        // Who came too late has seen another state; or, of what was published already, asks for what its state forbids.
        const lost = answers.filter((answer) => answer !== 'done');
        expect(lost).toHaveLength(1);
        expect(['412 stale_version', '409 wrong_state']).toContain(lost[0]);
        wins[won[0] === one ? 'one' : 'other'] += 1;
        await consistent(id, won[0], rows);
      }
      expect(wins.one + wins.other).toBe(rounds);
      expect((await auditContent(stage.config, null)).problems).toEqual([]);
    });
  });

  test(`the older version is taken down while the newer one is published: ${rounds} rounds end in order`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const id = await stage.made();
      await stage.change('editor', id, 'approve', { publish: true });
      await stage.change('owner', id, 'edit', { body: 'Newer.' });
      await stage.change('editor', id, 'approve');
      const etag = await stage.etagOf(id);
      const verbs = round % 2 === 0 ? (['publish', 'unpublish'] as const) : (['unpublish', 'publish'] as const);
      const send = (verb: string) => stage.send(verb === 'publish' ? 'editor' : 'second', id, verb, {}, etag);
      const statuses = (await Promise.all(verbs.map(send))).map(({ status }) => status);
      // Taken down first, the newer one is published all the same; published first, it is not what was to be taken down.
      const history = await stage.sql<{ actor: string; decision: string; version: number }>(
        'SELECT actor_id AS actor, decision, version FROM content_reviews WHERE item_id = $1 ORDER BY seq OFFSET 3',
        [id],
      );
      const unpublished = history[0].actor === stage.idOf('second');
      expect(history).toEqual([
        { actor: stage.idOf(unpublished ? 'second' : 'editor'), decision: 'unpublished', version: 1 },
        { actor: stage.idOf('editor'), decision: 'published', version: 2 },
      ]);
      expect(statuses[verbs.indexOf('publish')]).toBe(200);
      expect(statuses[verbs.indexOf('unpublish')]).toBe(unpublished ? 200 : 412);
      expect(await stage.sql('SELECT version FROM published_posts WHERE item_id = $1', [id])).toEqual([{ version: 2 }]);
    }
    expect((await auditContent(stage.config, null)).problems).toEqual([]);
  });

  test('decisions on many items at once stand in one chain without gaps', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, () => stage.made()));
    const etags = await Promise.all(ids.map((id) => stage.etagOf(id)));
    const answers = await Promise.all(
      ids.map((id, n) => stage.send(n % 2 ? 'editor' : 'second', id, 'approve', { publish: true }, etags[n])),
    );
    expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 200));
    const { problems, rows, head } = await auditContent(stage.config, null);
    expect({ problems, head: head.seq }).toEqual({ problems: [], head: String(rows) });
  });

  test('two bulks over the same items in opposite order decide each item once, and wait for each other never', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => stage.made()));
    const items = await Promise.all(ids.map(async (id) => ({ content_id: id, etag: await stage.etagOf(id) })));
    const bulk = async (name: 'editor' | 'second', decision: object, list: typeof items) =>
      (
        await stage.ask(
          name,
          'POST',
          '/reviews/bulk',
          list.map((item) => ({ ...item, ...decision })),
        )
      ).json as {
        code?: string;
      }[];
    const [approved, rejected] = await Promise.all([
      bulk('editor', { decision: 'approve', publish: true }, items),
      bulk('second', { decision: 'reject', ...reject }, items.toReversed()),
    ]);
    const codes = rejected.toReversed().map((answer, index) => [approved[index].code, answer.code]);
    for (const pair of codes)
      expect([
        [undefined, 'stale_version'],
        ['stale_version', undefined],
      ]).toContainEqual(pair);
    const published = await stage.sql('SELECT item_id FROM published_posts WHERE item_id = ANY($1)', [ids]);
    expect(published).toHaveLength(codes.filter(([code]) => code === undefined).length);
    expect((await auditContent(stage.config, null)).problems).toEqual([]);
  });
});

/** What came of a call: `done`, or its status and the code of its problem; in bulk, those of the item. */
async function outcomeOf([name, verb, payload]: Call, id: string, etag: string): Promise<string> {
  const isBulk = verb === 'bulk';
  const answer = isBulk
    ? await stage.ask(name, 'POST', '/reviews/bulk', [{ content_id: id, etag, ...payload }])
    : await stage.send(name, id, verb, payload ?? {}, etag);
  expect(isBulk ? answer.status : 200).toBe(200);
  const { status, code } = (isBulk ? answer.json[0] : answer.json) as { status?: number; code?: string };
  return code === undefined ? 'done' : `${status} ${code}`;
}

const historyOf = async (id: string) =>
  (
    await stage.sql<{ decision: string }>('SELECT decision FROM content_reviews WHERE item_id = $1 ORDER BY seq', [id])
  ).map(({ decision }) => decision);

/** The history has the winner's decisions and nothing else, and the site shows what is published. */
async function consistent(id: string, [, called, payload]: Call, before: readonly string[]): Promise<void> {
  const publishes = payload !== undefined && 'publish' in payload;
  const verb = payload !== undefined && 'decision' in payload ? String(payload.decision) : called;
  const written: Record<string, string[]> = {
    ...{ approve: publishes ? ['approved', 'published'] : ['approved'], reject: ['rejected'] },
    ...{ publish: ['published'], unpublish: ['unpublished'], edit: [], rollback: [] },
  };
  expect(await historyOf(id)).toEqual([...before, ...written[verb]]);
  const published = await stage.sql(
    `SELECT number, body FROM content_versions WHERE item_id = $1 AND state = 'PUBLISHED'`,
    [id],
  );
  const shown = await stage.sql('SELECT version AS number, body FROM published_posts WHERE item_id = $1', [id]);
  expect(shown).toEqual(published);
  expect(published.length).toBeLessThan(2);
}

import { evaluationKind } from '@longhaul/content';
import { ContentStage, reason } from './testing.js';

let stage: ContentStage;
beforeAll(async () => (stage = await ContentStage.open({ settings: { MAX_UNFINISHED_PER_OWNER: 3 } })));
afterAll(() => stage.close());

const evaluationsOf = (id: string) =>
  stage.sql<{ version: number; status: string }>(
    `SELECT (input->>'version')::int AS version, status FROM jobs
     WHERE kind = $1 AND input->>'content_id' = $2 ORDER BY 1`,
    [evaluationKind, id],
  );

it('leaves one evaluation of an item unfinished, however often it is edited', async () => {
  const id = await stage.made({ ownerId: stage.idOf('other') });
  expect((await stage.change('other', id, 'edit', { body: 'One.' })).status).toBe(200);
  expect((await stage.change('other', id, 'edit', { body: 'Two.' })).status).toBe(200);
  expect(await evaluationsOf(id)).toEqual([
    { version: 2, status: 'CANCELLED' },
    { version: 3, status: 'PENDING' },
  ]);
  // A text that has its verdict needs none, and supersedes all the same.
  await stage.sql(`UPDATE content_versions SET quality = '{"score": 80, "criteria": []}' WHERE number = 2`);
  expect((await stage.change('other', id, 'rollback', { version: 2, reason })).status).toBe(200);
  expect((await evaluationsOf(id)).map(({ status }) => status)).toEqual(['CANCELLED', 'CANCELLED']);
});

it('refuses an edit, whoever makes it, while the owner has too many unfinished tasks', async () => {
  const ids = await Promise.all([1, 2, 3, 4].map(() => stage.made()));
  for (const id of ids.slice(0, 3)) expect((await stage.change('owner', id, 'edit', { body: 'x' })).status).toBe(200);
  for (const [name, verb, payload] of [
    ['owner', 'edit', { body: 'x' }],
    ['editor', 'edit', { body: 'x' }],
    ['owner', 'rollback', { version: 1, reason }],
  ] as const) {
    const { status, json, headers } = await stage.change(name, ids[3], verb, payload);
    expect([status, json.code]).toEqual([429, 'too_many_unfinished_tasks']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  }
  expect((await stage.read(ids[3])).json.version.number).toBe(1);
});

it('takes no more than 1,000 versions of an item', async () => {
  const id = await stage.made({ ownerId: stage.idOf('editor') });
  await stage.sql('UPDATE content_items SET latest_version = 1000 WHERE id = $1', [id]);
  await stage.sql(
    `INSERT INTO content_versions SELECT (jsonb_populate_record(version, '{"number": 1000, "task_id": null, "step": null}')).*
     FROM content_versions version WHERE item_id = $1`,
    [id],
  );
  for (const [verb, payload] of [
    ['edit', { body: 'x' }],
    ['rollback', { version: 1, reason }],
  ] as const) {
    const { status, json } = await stage.change('editor', id, verb, payload);
    expect([status, json.code]).toEqual([409, 'too_many_versions']);
  }
});

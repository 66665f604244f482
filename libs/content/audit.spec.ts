import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { auditContent } from './audit.js';
import { ContentItemEntity } from './content-item.entity.js';
import { contentEntities } from './content.module.js';
import type { Decision } from './content-state.js';
import { ContentVersionEntity } from './content-version.entity.js';
import { DecisionStore, type Verdict } from './decision.store.js';
import { hashOfReview } from './review-hash.js';
import { makeItem } from './test-item.js';

let database: TestDatabase;
let config: Config;
let source: DataSource;
let store: DecisionStore;
/** Changes rows behind the back of the apps, with no trigger or foreign key in the way. */
let superuser: Client;

beforeEach(async () => {
  database = await testDatabase();
  config = testConfig(database);
  source = await new DataSource(appDataSourceOptions(config, contentEntities)).initialize();
  store = new DecisionStore(source.getRepository(ContentItemEntity));
  superuser = new Client({ connectionString: database.adminUrl });
  await superuser.connect();
  await superuser.query('SET session_replication_role = replica');
});
afterEach(async () => {
  await superuser.end();
  await source.destroy();
  await database.drop();
});

const headNow = async () => (await auditContent(config, null)).head;
const problems = async (head: Awaited<ReturnType<typeof headNow>> | null = null) =>
  (await auditContent(config, head)).problems;

async function decide(itemId: string, decisions: Verdict['decisions'], actorId: string = randomUUID()): Promise<void> {
  const { latestVersion: number } = await source.manager.findOneByOrFail(ContentItemEntity, { id: itemId });
  const { hash, state } = await source.manager.findOneByOrFail(ContentVersionEntity, { itemId, number });
  const change = { itemId, actorId, seen: { number, hashStart: hash, state }, traceparent: null };
  const reason = decisions[0] === 'rejected' ? 'It has no source.' : null;
  const answer = await store.decide(change, { decisions, reason, feedback: null });
  expect(answer.outcome).toBe('done');
}

/** A published item (rows 1 and 2), a rejected one (3), one that was taken down (4 to 6). @returns their ids. */
async function history(): Promise<[published: string, rejected: string, down: string]> {
  const ids: [string, string, string] = [await makeItem(source), await makeItem(source), await makeItem(source)];
  await decide(ids[0], ['approved', 'published']);
  await decide(ids[1], ['rejected']);
  await decide(ids[2], ['approved', 'published']);
  await decide(ids[2], ['unpublished']);
  return ids;
}

test('a history that nobody touched is whole, also an empty one', async () => {
  const empty = await headNow();
  expect(empty).toEqual({ seq: '0', hash: '0'.repeat(64) });
  expect(await problems(empty)).toEqual([]);
  await history();
  const report = await auditContent(config, await headNow());
  expect(report).toMatchObject({ rows: 6, posts: 1, problems: [], more: 0, head: { seq: '6' } });
  expect(await problems(empty)).toEqual([]);
});

test('the app itself can neither change nor remove a row', async () => {
  await history();
  for (const statement of [
    `UPDATE content_reviews SET reason = 'x'`,
    'DELETE FROM content_reviews',
    'TRUNCATE content_reviews',
  ]) {
    await expect(source.query(statement)).rejects.toThrow('permission denied');
  }
});

test('the app itself can neither change the text of a version nor remove one', async () => {
  const [published] = await history();
  const draft = await makeItem(source, { state: 'DRAFT', seo: null });
  for (const statement of [
    `UPDATE content_versions SET body = 'x'`,
    `UPDATE content_versions SET tags = '{x}'`,
    `UPDATE content_versions SET author_id = 'x'`,
    `UPDATE content_versions SET parent = 1`,
    'DELETE FROM content_versions',
    'TRUNCATE content_versions CASCADE',
  ]) {
    await expect(source.query(statement)).rejects.toThrow('permission denied');
  }
  const metadata = `'{"title":"x","description":"x","keywords":[]}'`;
  for (const change of [`seo = ${metadata}`, `hash = repeat('a', 64)`]) {
    const statement = `UPDATE content_versions SET ${change} WHERE item_id = $1`;
    await expect(source.query(statement, [published])).rejects.toThrow('never changes');
  }
  const quality = `UPDATE content_versions SET quality = jsonb_build_object('score', $2::int) WHERE item_id = $1`;
  await source.query(quality, [draft, 1]);
  await expect(source.query(quality, [draft, 2])).rejects.toThrow('never changes');
});

test('a publication that fails half-way leaves nothing behind', async () => {
  const id = await makeItem(source);
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('ALTER TABLE published_posts ADD CONSTRAINT nothing CHECK (false)');
  await expect(decide(id, ['approved', 'published'])).rejects.toThrow('nothing');
  expect(await auditContent(config, null)).toMatchObject({ rows: 0, posts: 0, problems: [] });
  const { state } = await source.manager.findOneByOrFail(ContentVersionEntity, { itemId: id });
  expect(state).toBe('AWAITING_APPROVAL');
  await owner.query('ALTER TABLE published_posts DROP CONSTRAINT nothing');
  await owner.end();
  await decide(id, ['approved', 'published']);
  expect(await auditContent(config, null)).toMatchObject({ rows: 2, posts: 1, problems: [] });
});

test.each([
  ['item_id', `gen_random_uuid()`],
  ['version', '7'],
  ['version_hash', `repeat('a', 64)`],
  ['decision', `'approved'`],
  ['actor_id', `'somebody else'`],
  ['reason', `'Another reason.'`],
  ['feedback', `'Never said.'`],
  ['at', `at + interval '1 millisecond'`],
])('a row whose %s was changed is found', async (column, value) => {
  await history();
  await superuser.query(`UPDATE content_reviews SET ${column} = ${value} WHERE seq = 3`);
  expect(await problems()).toContain('Row 3 was changed: its hash is not that of its fields.');
});

test('a row that was changed with its hash breaks the link of the next one', async () => {
  await history();
  await rehash(3, { actorId: 'somebody else' });
  expect(await problems()).toEqual(['Row 4 is not linked to row 3.']);
});

test('a row that is missing is found, the first one too', async () => {
  await history();
  await superuser.query('DELETE FROM content_reviews WHERE seq IN (1, 3, 4)');
  expect(await problems()).toEqual(expect.arrayContaining(['Row 1 is missing.', 'Rows 3 to 4 are missing.']));
});

test('a row that was put in between is found', async () => {
  await history();
  await superuser.query(`UPDATE content_reviews SET seq = seq + 1 WHERE seq = 6`);
  await superuser.query(
    `INSERT INTO content_reviews SELECT 6, item_id, version, version_hash, decision, actor_id, reason, feedback, at, previous_hash, 'x'
     FROM content_reviews WHERE seq = 5`,
  );
  expect(await problems()).toEqual(expect.arrayContaining(['Row 7 is not linked to row 6.']));
});

test('a tail that was cut off is found by a head that was noted before, and only by it', async () => {
  const [, rejected] = await history();
  await decide(await makeItem(source), ['rejected']);
  const head = await headNow();
  await superuser.query('DELETE FROM content_reviews WHERE seq = 7');
  expect(await problems()).toEqual([]);
  expect(await problems(head)).toEqual(['Row 7 was anchored and is missing: the history was cut behind row 6.']);
  expect(rejected).toBeDefined();
});

test('a history that was written anew from some row on is found by a head that was noted before, and only by it', async () => {
  await history();
  const head = await headNow();
  for (let row = 3; row <= 6; row += 1) await rehash(row, row === 3 ? { reason: 'Quite another reason.' } : {});
  expect(await problems()).toEqual([]);
  expect(await problems(head)).toEqual(['Row 6 is not the one that was anchored: the history was rewritten.']);
});

test('a text that was changed under its decision is found, with its hash or without', async () => {
  const [, rejected] = await history();
  await superuser.query(`UPDATE content_versions SET body = 'Never seen.' WHERE item_id = $1`, [rejected]);
  expect(await problems()).toEqual([`The text of version 1 of ${rejected} was changed after row 3.`]);
  await superuser.query(`UPDATE content_versions SET hash = repeat('b', 64) WHERE item_id = $1`, [rejected]);
  expect(await problems()).toEqual([`Row 3 decides on another text than version 1 of ${rejected} has.`]);
  await superuser.query('DELETE FROM content_versions WHERE item_id = $1', [rejected]);
  expect(await problems()).toEqual([`Row 3 decides on version 1 of ${rejected}, which is missing.`]);
});

test.each([
  ['title', `'Never seen.'`],
  ['seo_title', `'Never seen.'`],
  ['body', `'Never seen.'`],
  ['description', `'Never seen.'`],
  ['keywords', `'{never}'`],
  ['tags', `'{never}'`],
  ['sources', `'[{"title":"Never seen.","url":null}]'`],
])('a post whose %s was changed is found', async (column, value) => {
  const [published] = await history();
  await superuser.query(`UPDATE published_posts SET ${column} = ${value}`);
  expect(await problems()).toEqual([`The site shows another text than version 1 has. (item ${published})`]);
});

test.each(['headings', 'plain_text'])('a post whose %s was changed is found', async (column) => {
  const [published] = await history();
  await superuser.query(`UPDATE published_posts SET ${column} = 'Never said.'`);
  expect(await problems()).toEqual([`Searches look through another text than version 1 has. (item ${published})`]);
});

test.each([
  ['slug', `'elsewhere'`],
  ['format', `'email'`],
  ['language', `'german'`],
  ['first_published_at', `first_published_at - interval '1 year'`],
  ['published_at', `published_at + interval '1 millisecond'`],
])('a post whose %s was changed is found', async (column, value) => {
  const [published] = await history();
  await superuser.query(`UPDATE published_posts SET ${column} = ${value}`);
  expect(await problems()).toEqual([
    `The site shows version 1 with another ${column} than was decided. (item ${published})`,
  ]);
});

test('what was published, taken down and published again is as it was decided', async () => {
  const [published] = await history();
  await decide(published, ['unpublished']);
  await decide(published, ['published']);
  expect(await problems()).toEqual([]);
});

test('what the site shows or hides without a decision is found', async () => {
  const [published, , down] = await history();
  const secret = await makeItem(source);
  const copy = `INSERT INTO published_posts (item_id, version, slug, title, seo_title, description, keywords, body, headings, plain_text,
      sources, tags, format, language, first_published_at, published_at)
    SELECT $1::uuid, version, gen_random_uuid()::text, title, seo_title, description, keywords, body, headings, plain_text, sources, tags, format, language,
      first_published_at, published_at FROM published_posts LIMIT 1`;
  await superuser.query(copy, [secret]);
  await superuser.query(copy, [down]);
  const unpublished = await makeItem(source);
  await superuser.query('UPDATE content_items SET published_version = 1 WHERE id = $1', [unpublished]);
  expect(new Set(await problems())).toEqual(
    new Set([
      `The site shows version 1, and nobody decided so. (item ${secret})`,
      `The site shows version 1, and nobody decided so. (item ${down})`,
      `Version 1 is marked as published, and nobody decided so. (item ${unpublished})`,
    ]),
  );
  await superuser.query('DELETE FROM published_posts');
  expect(await problems()).toContain(`The site does not show version 1, which was published. (item ${published})`);
});

test('a version that was published without an approval is found', async () => {
  const id = await makeItem(source);
  await superuser.query(`UPDATE content_versions SET state = 'APPROVED' WHERE item_id = $1`, [id]);
  await decide(id, ['published']);
  expect(await problems()).toEqual([`The site shows version 1, which nobody approved. (item ${id})`]);
});

test('many rows are walked part by part', async () => {
  for (let n = 0; n < 55; n += 1) await decide(await makeItem(source), ['approved', 'published']);
  expect(await auditContent(config, await headNow())).toMatchObject({ rows: 110, posts: 55, problems: [] });
  await superuser.query(`UPDATE content_reviews SET actor_id = 'x'`);
  const report = await auditContent(config, null);
  expect([report.problems.length, report.more]).toEqual([50, 60]);
});

/** Changes a row and makes it fit the row before again, as somebody would who knows how the hash is made. */
async function rehash(row: number, changes: { actorId?: string; reason?: string }): Promise<void> {
  const read = `SELECT seq, item_id AS "itemId", version, version_hash AS "versionHash", decision, actor_id AS "actorId",
    reason, feedback, at, hash FROM content_reviews WHERE seq = $1`;
  type Row = Parameters<typeof hashOfReview>[0] & { hash: string; decision: Decision };
  const { rows: before } = await superuser.query<Row>(read, [row - 1]);
  const { rows: own } = await superuser.query<Row>(read, [row]);
  const changed = { ...own[0], ...changes, previousHash: before[0].hash };
  await superuser.query(
    'UPDATE content_reviews SET actor_id = $2, reason = $3, previous_hash = $4, hash = $5 WHERE seq = $1',
    [row, changed.actorId, changed.reason, changed.previousHash, hashOfReview(changed)],
  );
}

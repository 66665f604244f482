import { testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { DataSource } from 'typeorm';
import { contentEntities } from './content.module.js';
import { ContentItemEntity } from './content-item.entity.js';
import { DraftReader, mostOfHistory } from './draft.reader.js';
import { makeItem } from './test-item.js';

let database: TestDatabase;
let source: DataSource;
beforeAll(async () => {
  database = await testDatabase();
  source = new DataSource({ type: 'postgres', url: database.adminUrl, entities: contentEntities });
  await source.initialize();
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

it('reads one version by itself, and of a long history its end', async () => {
  const id = await makeItem(source);
  await source.query(
    `INSERT INTO content_versions SELECT (jsonb_populate_record(version, jsonb_build_object(
       'number', later, 'task_id', null, 'step', null, 'origin', 'edit', 'parent', later - 1, 'state', 'DRAFT'))).*
     FROM content_versions version, generate_series(2, 60) AS made (later) WHERE item_id = $1`,
    [id],
  );
  const reader = new DraftReader(source.getRepository(ContentItemEntity));
  const numbers = (await reader.versionsUpTo(id, 60)).map(({ number }) => number);
  expect(numbers).toEqual(Array.from({ length: mostOfHistory + 1 }, (_, place) => 60 - mostOfHistory + place));
  expect((await reader.versionsUpTo(id, 3)).map(({ number }) => number)).toEqual([1, 2, 3]);
  expect(await reader.version(id, 59)).toMatchObject({ itemId: id, number: 59 });
  expect(await reader.version(id, 61)).toBeNull();
});

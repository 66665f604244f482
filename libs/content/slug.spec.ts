import { DataSource } from 'typeorm';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { giveSlug, slugOf } from './slug.js';
import { makeItem } from './test-item.js';

test.each([
  ['Über die Gezeiten', 'uber-die-gezeiten'],
  ['  Straße & Élan: 50 % ', 'strasse-elan-50'],
  ['潮汐', '潮汐'],
  ['?!', 'post'],
  ['x'.repeat(100), 'x'.repeat(80)],
  [`${'x'.repeat(79)} y`, 'x'.repeat(79)],
])('of "%s" is "%s"', (title, slug) => {
  expect(slugOf(title)).toBe(slug);
});

test('has whole characters only, however long the title is', () => {
  // Each of them is two units of UTF-16.
  for (const before of ['', 'a']) {
    const slug = slugOf(before + '𠀀'.repeat(100));
    expect(slug).toMatch(/^[\p{L}\p{N}-]{80}$/u);
    expect(slug.isWellFormed()).toBe(true);
  }
});

describe('of items', () => {
  let database: TestDatabase;
  let source: DataSource;
  beforeAll(async () => {
    database = await testDatabase();
    source = await new DataSource(appDataSourceOptions(testConfig(database), [])).initialize();
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  const given = (id: string, title: string) =>
    source.transaction((manager) => giveSlug(manager, { id, slug: null }, title));
  const slugsOf = async (ids: readonly string[]) => {
    const rows = await source.query<{ id: string; slug: string }[]>('SELECT id, slug FROM content_items');
    return ids.map((id) => rows.find((row) => row.id === id)?.slug);
  };
  const made = () => makeItem(source, { state: 'DRAFT', seo: null });

  test('are numbered while another item has them, and stay', async () => {
    const ids = [await made(), await made(), await made()];
    for (const id of ids) await given(id, 'Ebb 100%');
    expect(await slugsOf(ids)).toEqual(['ebb-100', 'ebb-100-2', 'ebb-100-3']);
    await source.transaction((manager) => giveSlug(manager, { id: ids[0], slug: 'ebb-100' }, 'Flow'));
    expect(await slugsOf(ids)).toEqual(['ebb-100', 'ebb-100-2', 'ebb-100-3']);
  });

  test('are never the same, given at once by titles that lead to the same one', async () => {
    for (let round = 0; round < 20; round += 1) {
      const word = `word${round}x`;
      await given(await made(), word);
      const ids = [await made(), await made(), await made()];
      await Promise.all([given(ids[0], word), given(ids[1], `${word} 2`), given(ids[2], `${word} 2`)]);
      const slugs = await slugsOf(ids);
      expect(new Set(slugs).size).toBe(3);
      for (const slug of slugs) expect(slug).toMatch(new RegExp(`^${word}-2|${word}-3|${word}-2-2$`));
    }
  });
});

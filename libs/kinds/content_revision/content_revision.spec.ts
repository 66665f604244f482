import { ContentItemEntity } from '@longhaul/content';
import { solarSources } from '@longhaul/content/testing';
import {
  ended,
  request,
  startTestApi,
  startTestWorker,
  submitted,
  type TestApi,
  type TestWorker,
} from '@longhaul/jobs/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Client } from 'pg';
import { contentGeneration } from '../content_generation/content_generation.definition.js';
import { ContentGenerationProcessor } from '../content_generation/content_generation.processor.js';
import { processorImports } from '../processors.js';
import { contentRevision } from './content_revision.definition.js';
import { ContentRevisionProcessor } from './content_revision.processor.js';

const generation = { definition: contentGeneration, processor: ContentGenerationProcessor };
const revision = { definition: contentRevision, processor: ContentRevisionProcessor };
const owner = 'the-owner';

describe('a content revision', () => {
  let database: TestDatabase;
  let rows: Client;
  let api: TestApi;
  let worker: TestWorker;

  beforeAll(async () => {
    database = await testDatabase();
    rows = new Client({ connectionString: database.adminUrl });
    await rows.connect();
    const config = testConfig(database, { DRAIN_SECONDS: 0 });
    const kinds = [generation, revision];
    api = await startTestApi(config, kinds);
    worker = await startTestWorker(config, kinds, kinds, { imports: processorImports, entities: [ContentItemEntity] });
  });
  afterAll(async () => {
    await worker.close();
    await api.close();
    await rows.end();
    await database.drop();
  });

  const item = async () => {
    const sources = solarSources.map(({ text }) => text);
    const input = { topic: 'solar panels for the home', format: 'blog_post', target_length: 300, sources };
    const { id, result } = await ended(api, (await submitted(api, request(generation, { ownerId: owner, input }))).id);
    return { id, version: (result as { version: number }).version };
  };
  const revise = async (id: string, version: number, instructions: string, ownerId = owner) =>
    ended(
      api,
      (await submitted(api, request(revision, { ownerId, input: { content_id: id, version, instructions } }))).id,
    );
  const versionsOf = async (id: string) =>
    (await rows.query('SELECT * FROM content_versions WHERE item_id = $1 ORDER BY number', [id])).rows;

  it('does what is asked for, says so in the version, and awaits approval in its place', async () => {
    const { id, version } = await item();
    const instructions = 'Say more about hail and birds.';
    const job = await revise(id, version, instructions);
    expect(job).toMatchObject({ status: 'SUCCESS', result: { content_id: id, version: version + 1, refinements: 1 } });
    expect((job.result as { stages: { name: string }[] }).stages.map(({ name }) => name)).toEqual([
      'refine',
      'evaluate',
      'seo',
      'submit',
    ]);
    const [before, after] = (await versionsOf(id)).slice(-2);
    expect(before.state).toBe('DRAFT');
    expect(after).toMatchObject({ state: 'AWAITING_APPROVAL', origin: 'refinement', parent: version, task_id: job.id });
    expect(after.reason).toMatch(/^Say more about hail and birds\.\n\nDone: Gave more room to hail, birds\./);
    expect(after.body).toMatch(/hail/);
    expect(after.quality.criteria).toHaveLength(7);
    expect(after.seo).not.toBeNull();
  });

  it('is for the newest version of an own item', async () => {
    const { id, version } = await item();
    const asked = 'Make it shorter, please.';
    expect(await revise(id, version, asked, 'somebody')).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      error: { code: 'not_found' },
    });
    expect(await revise(id, version + 1, asked)).toMatchObject({ error: { code: 'not_found' } });
    expect(await revise('01970000-0000-7000-8000-000000000000', 1, asked)).toMatchObject({
      error: { code: 'not_found' },
    });
    expect(await revise(id, version, asked)).toMatchObject({ status: 'SUCCESS' });
    expect(await revise(id, version, asked)).toMatchObject({
      status: 'FAILED',
      error: { code: 'stale_version', retryable: false },
    });
    expect(await versionsOf(id)).toHaveLength(version + 1);
  });

  it('makes a version that says so when nothing can be changed', async () => {
    const { id, version } = await item();
    const taxes = 'What about taxes and subsidies abroad?';
    await revise(id, version, taxes);
    expect((await versionsOf(id)).at(-1).reason).toMatch(/^What about taxes.*\n\nDone: .*(say nothing about taxes)/s);
  });

  it('holds to what was asked of the versions before', async () => {
    const { id, version } = await item();
    await revise(id, version, 'Drop the part about batteries.');
    await revise(id, version + 1, 'Say more about hail and birds.');
    const [before, after] = (await versionsOf(id)).slice(-2);
    expect(before.body).not.toMatch(/batter/i);
    expect(after.body).toMatch(/hail/);
    expect(after.body).not.toMatch(/batter/i);
    expect(after.reason).toMatch(
      /\n\nDone: Gave more room to hail, birds\. Still left out, as asked before: batteries\.$/,
    );
  });

  it('keeps what a person wrote', async () => {
    const { id, version } = await item();
    await rows.query(
      `WITH item AS (UPDATE content_items SET latest_version = $2 + 1 WHERE id = $1 RETURNING id),
       old AS (UPDATE content_versions SET state = 'DRAFT' WHERE item_id = $1 AND number = $2 RETURNING *)
       INSERT INTO content_versions (item_id, number, state, origin, parent, author_id, title, body, sources, seo, hash)
       SELECT item.id, $2 + 1, 'AWAITING_APPROVAL', 'edit', $2, 'an editor', 'A better title',
         replace(body, '## In short', 'We tried it all ourselves.' || E'\\n\\n## In short'), sources, seo, repeat('0', 64) FROM item, old`,
      [id, version],
    );
    expect(await revise(id, version + 1, 'More about batteries, please.')).toMatchObject({ status: 'SUCCESS' });
    const made = (await versionsOf(id)).at(-1);
    expect(made).toMatchObject({ title: 'A better title', parent: version + 1 });
    expect(made.body).toContain('We tried it all ourselves.');
  });
});

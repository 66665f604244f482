import { ContentItemEntity } from '@longhaul/content';
import { makeItem, solarSources } from '@longhaul/content/testing';
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
import { processorImports } from '../processors.js';
import { contentEvaluation } from './content_evaluation.definition.js';
import { ContentEvaluationProcessor } from './content_evaluation.processor.js';

const kind = { definition: contentEvaluation, processor: ContentEvaluationProcessor };
const ownerId = 'the-owner';

describe('a content evaluation', () => {
  let database: TestDatabase;
  let rows: Client;
  let api: TestApi;
  let worker: TestWorker;

  beforeAll(async () => {
    database = await testDatabase();
    rows = new Client({ connectionString: database.adminUrl });
    await rows.connect();
    const config = testConfig(database, { GENERATORS: ['extractive'] });
    api = await startTestApi(config, [kind]);
    worker = await startTestWorker(config, [kind], [kind], {
      imports: processorImports,
      entities: [ContentItemEntity],
    });
  });
  afterAll(async () => {
    await worker.close();
    await api.close();
    await rows.end();
    await database.drop();
  });

  const evaluate = async (id: string, version: number, by = ownerId) =>
    ended(api, (await submitted(api, request(kind, { ownerId: by, input: { content_id: id, version } }))).id);
  const qualityOf = async (id: string) =>
    (await rows.query('SELECT quality FROM content_versions WHERE item_id = $1', [id])).rows[0].quality;

  it('records the verdict on a version that a person wrote, by the sources of its item, once', async () => {
    const [{ title, url, text }] = solarSources;
    const id = await makeItem(rows, {
      ownerId,
      title: 'Solar panels',
      body: `${text.slice(0, 400)}\n`,
      sources: [{ title, url }],
    });
    const brief = { primaryKeyword: null, targetLength: 200, qualityThreshold: 70, maxRefinements: 0 };
    await rows.query(`UPDATE content_items SET brief = $2, topic = 'solar panels' WHERE id = $1`, [
      id,
      JSON.stringify(brief),
    ]);
    await rows.query('INSERT INTO content_material (item_id, place, title, url, text) VALUES ($1, 1, $2, $3, $4)', [
      ...[id, title, url, text],
    ]);
    const job = await evaluate(id, 1);
    const quality = await qualityOf(id);
    expect(job).toMatchObject({
      status: 'SUCCESS',
      result: { content_id: id, version: 1, quality_score: quality.score, stages: [{ name: 'evaluate' }] },
    });
    expect(quality.criteria).toHaveLength(7);
    const of = (name: string) => quality.criteria.find((one: { name: string }) => one.name === name);
    expect(of('grounding').score).toBeGreaterThan(80);
    expect(of('originality').score).toBeLessThan(50);
    expect(await evaluate(id, 1)).toMatchObject({ status: 'SUCCESS', result: { quality_score: quality.score } });
    expect(await qualityOf(id)).toEqual(quality);
  });

  it('ends at once for a version that was superseded', async () => {
    const id = await makeItem(rows, { ownerId, state: 'DRAFT' });
    await rows.query('UPDATE content_items SET latest_version = 2 WHERE id = $1', [id]);
    expect(await evaluate(id, 1)).toMatchObject({
      status: 'SUCCESS',
      result: { content_id: id, version: 1, quality_score: null, stages: [] },
    });
    expect(await qualityOf(id)).toBeNull();
  });

  it('is for versions of own items', async () => {
    const id = await makeItem(rows, { ownerId });
    for (const [item, version, by] of [
      [id, 1, 'somebody'],
      [id, 2, ownerId],
      ['01970000-0000-7000-8000-000000000000', 1, ownerId],
    ] as const) {
      expect(await evaluate(item, version, by)).toMatchObject({
        status: 'FAILED',
        attempts: 1,
        error: { code: 'not_found', retryable: false },
      });
    }
    expect(await qualityOf(id)).toBeNull();
  });
});

import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadConfig, type Config } from '@longhaul/config';
import { ContentItemEntity } from '@longhaul/content';
import { fallsSilent, refuses, says, solarSources, TestChatServer } from '@longhaul/content/testing';
import {
  ended,
  reached,
  request,
  startTestApi,
  startTestWorker,
  submitted,
  until,
  type TestApi,
  type TestWorker,
} from '@longhaul/jobs/testing';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Client } from 'pg';
import { describeOnEachBackend } from '../../../test/support/backends.js';
import { processorImports } from '../processors.js';
import { contentGeneration } from './content_generation.definition.js';
import { ContentGenerationInput } from './content_generation.dto.js';
import { ContentGenerationProcessor } from './content_generation.processor.js';

const kind = { definition: contentGeneration, processor: ContentGenerationProcessor };
const key = 'sk-canary-0123456789';
const html = (text: string) =>
  text
    .split('\n\n')
    .map((part) => (part.startsWith('## ') ? `<h2>${part.slice(3)}</h2>` : `<p>${part}</p>`))
    .join('\n');
const article = `# Solar roofs\n\n${'Solar panels turn sunlight into electric current [1]. A system costs between eight and fifteen thousand euros [2]. '.repeat(12)}`;

describeOnEachBackend('content generation', (backend) => {
  let database: TestDatabase;
  let rows: Client;
  let config: Config;
  let api: TestApi;
  let site: Server;
  let base: string;
  let asked: string[] = [];
  let slow: ServerResponse[] = [];
  let hungUp = 0;
  let chat: TestChatServer;
  let workers: TestWorker[] = [];

  beforeAll(async () => {
    site = createServer((message, response) => {
      asked.push(message.url ?? '');
      if (message.url === '/slow') {
        response.on('close', () => void (response.writableFinished || hungUp++));
        return void slow.push(response);
      }
      const source = solarSources[Number(message.url?.slice(1))];
      if (source === undefined) return void response.writeHead(404).end();
      const page = `<title>${source.title}</title><nav><a href="/">Home</a></nav><article>${html(source.text)}</article>`;
      response.setHeader('content-type', 'text/html').end(page);
    });
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    chat = await TestChatServer.start();
    database = await testDatabase();
    rows = new Client({ connectionString: database.adminUrl });
    await rows.connect();
    config = testConfig(database, {
      QUEUE_BACKEND: backend,
      QUEUE_PREFIX: `test-${Math.random().toString(36).slice(2)}`,
      RETRY_BASE_MS: 5,
      RETRY_CAP_MS: 10,
      DRAIN_SECONDS: 0,
      SCRAPE_ALLOW_HOSTS: [base.slice('http://'.length)],
      OPENAI_BASE_URL: chat.baseUrl,
      OPENAI_API_KEY: key,
    });
    api = await startTestApi(config, [kind]);
  });
  beforeEach(() => {
    asked = [];
    slow = [];
    hungUp = 0;
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    workers = [];
  });
  afterAll(async () => {
    await api.close();
    await rows.end();
    await database.drop();
    await chat.stop();
    site.close();
    site.closeAllConnections();
  });

  const worker = async (...generators: string[]): Promise<TestWorker> => {
    const needs = { imports: processorImports, entities: [ContentItemEntity] };
    const started = await startTestWorker({ ...config, GENERATORS: generators }, [kind], [kind], needs);
    workers.push(started);
    return started;
  };
  const generate = (input: Partial<ContentGenerationInput>, more: { ownerId?: string; timeoutSeconds?: number } = {}) =>
    submitted(
      api,
      request(kind, { input: { topic: 'solar panels for the home', format: 'blog_post', ...input }, ...more }),
    );
  const versionsOf = async (id: string) =>
    (await rows.query('SELECT * FROM content_versions WHERE item_id = $1 ORDER BY number', [id])).rows;
  const texts = solarSources.map(({ text }) => text);

  it('goes from sources to a version that awaits approval', async () => {
    await worker('extractive');
    const sources = [`${base}/0`, `${base}/1`, `${base}/9`, texts[2]];
    const { id } = await generate({ sources, target_length: 400, primary_keyword: 'solar panels', tags: ['Energy'] });
    const job = await ended(api, id);
    const stages = ['research', 'draft', 'evaluate', 'refine', 'seo', 'submit'];
    expect(job).toMatchObject({ status: 'SUCCESS', error: null });
    expect(job.result).toMatchObject({
      content_id: id,
      title: 'Solar panels for the home',
      slug: 'solar-panels-for-the-home',
      usage: { input_tokens: 0, output_tokens: 0, cost: 0 },
      links: { content: `/content/${id}` },
    });
    const result = job.result as { version: number; quality_score: number; stages: { name: string }[] };
    expect(result.stages.map(({ name }) => name)).toEqual(stages);
    expect(result.quality_score).toBeGreaterThanOrEqual(70);

    const versions = await versionsOf(id);
    const version = versions.at(-1);
    expect(version).toMatchObject({ number: result.version, state: 'AWAITING_APPROVAL', task_id: id });
    expect(version.quality).toMatchObject({ score: result.quality_score });
    expect(version.quality.criteria).toHaveLength(7);
    expect(version.seo.title.length).toBeLessThanOrEqual(60);
    expect(version.seo.description.length).toBeLessThanOrEqual(160);
    expect(version.seo.keywords.slice(0, 2)).toEqual(['solar panels', 'Energy']);
    expect(version.seo.keywords.length).toBeLessThanOrEqual(10);
    expect(version.sources.map(({ url }: { url: string }) => url).sort()).toEqual(
      [`${base}/0`, `${base}/1`, null].sort(),
    );

    const logs = (await api.jobs.events(id, { limit: 1000 })).filter(({ type }) => type === 'log');
    const done = logs.filter(({ data }) => (data as { stage?: string } | null)?.stage !== undefined);
    expect(done.map(({ data }) => (data as { stage: string }).stage)).toEqual(stages);
    expect(logs.some(({ level, data }) => level === 'warn' && (data as { url?: string }).url === `${base}/9`)).toBe(
      true,
    );
  });

  it('goes on at the stage where a worker stopped, and repeats nothing that was paid for', async () => {
    chat.reset(says(article), fallsSilent);
    const first = await worker('openai');
    const input = { sources: texts, quality_threshold: 100, max_refinements: 1 };
    const { id } = await generate(input);
    await until(() => Promise.resolve(chat.requests.length === 2));
    await reached(api, id, 'RUNNING');
    await first.close();
    workers = [];
    expect(await versionsOf(id)).toMatchObject([{ number: 1, step: 'draft', state: 'DRAFT' }]);

    chat.reset(says(`${article} And more of it, since the sources say so.`));
    await worker('openai');
    const job = await ended(api, id);
    expect(job).toMatchObject({ status: 'SUCCESS', attempts: 1, result: { refinements: 1 } });
    expect(chat.requests.map(({ body }) => body.messages[1].content.includes('Revise the text'))).toEqual([true]);
    const [draft, refined] = await versionsOf(id);
    expect(draft).toMatchObject({ step: 'draft', state: 'DRAFT', generator: { input_tokens: 1000 } });
    expect(refined).toMatchObject({ step: 'refine-1', origin: 'refinement', parent: 1 });
    expect(job.result).toMatchObject({ usage: { input_tokens: 2000, output_tokens: 1000, cost: null } });
    expect((job.result as { stages: object[] }).stages).toHaveLength(6);
  });

  it('reads no source twice when a worker stops within the research', async () => {
    const first = await worker('extractive');
    const { id } = await generate({ sources: [texts[2], `${base}/0`, `${base}/slow`, `${base}/1`] });
    await until(() => Promise.resolve(slow.length === 1));
    await first.close();
    workers = [];
    await worker('extractive');
    await until(() => Promise.resolve(slow.length === 2));
    slow[1].setHeader('content-type', 'text/html').end(`<article>${html(solarSources[1].text)}</article>`);
    expect(await ended(api, id)).toMatchObject({ status: 'SUCCESS', attempts: 1 });
    expect(asked.filter((path) => /^\/[01]$/.test(path))).toEqual(['/0', '/1']);
    const { rows: material } = await rows.query('SELECT place FROM content_material WHERE item_id = $1 ORDER BY 1', [
      id,
    ]);
    expect(material.map(({ place }) => place)).toEqual([1, 2, 3, 4]);
  });

  it('stops within the research, and within the draft, when it is cancelled', async () => {
    await worker('openai');
    const research = await generate({ sources: [`${base}/0`, `${base}/slow`] });
    await until(() => Promise.resolve(slow.length === 1));
    await api.jobs.cancel(research.id, 'an admin');
    await until(() => Promise.resolve(hungUp === 1), 2_000);
    expect((await rows.query('SELECT url FROM content_material WHERE item_id = $1', [research.id])).rows).toEqual([
      { url: `${base}/0` },
    ]);

    chat.reset(fallsSilent);
    const draft = await generate({ sources: texts });
    await until(() => Promise.resolve(chat.requests.length === 1));
    await api.jobs.cancel(draft.id, 'an admin');
    await until(() => Promise.resolve(chat.aborted === 1), 2_000);
    expect(await versionsOf(draft.id)).toEqual([]);
  });

  it('fails when its time is up, in the middle of a stage, and keeps what there is', async () => {
    chat.reset(says(article), fallsSilent);
    await worker('openai');
    const { id } = await generate({ sources: texts, quality_threshold: 100 }, { timeoutSeconds: 2 });
    expect(await ended(api, id)).toMatchObject({ status: 'FAILED', error: { code: 'timeout' } });
    await until(() => Promise.resolve(chat.aborted === 1), 2_000);
    expect(await versionsOf(id)).toMatchObject([{ number: 1, state: 'DRAFT' }]);
  });

  it('counts what was paid for in vain, by stage', async () => {
    const empty = says('# Nothing\n\nNo.');
    chat.reset(empty, empty, empty, refuses(401));
    await worker('openai', 'extractive');
    const { id } = await generate({ sources: texts });
    const { result } = await ended(api, id);
    const usage = { input_tokens: 3000, output_tokens: 1500, cost: null };
    expect(result).toMatchObject({ usage });
    const { stages } = result as { stages: { name: string; usage?: object }[] };
    expect(stages.filter((stage) => stage.usage !== undefined)).toMatchObject([{ name: 'draft', usage }]);
    expect((await versionsOf(id))[0].generator).toEqual({ provider: 'extractive', model: null, ...usage });
  });

  it('stops inside a stage when it is cancelled, and keeps what there is', async () => {
    chat.reset(says(article), fallsSilent);
    await worker('openai');
    const { id } = await generate({ sources: texts, quality_threshold: 100 });
    await until(() => Promise.resolve(chat.requests.length === 2));
    await api.jobs.cancel(id, 'an admin');
    expect(await ended(api, id)).toMatchObject({ status: 'CANCELLED' });
    await until(() => Promise.resolve(chat.aborted === 1));
    expect(await versionsOf(id)).toMatchObject([{ number: 1, state: 'DRAFT', seo: null }]);
  });

  it('refines what is not good enough, and submits the best version', async () => {
    const poor = `# Solar roofs\n\n${'Purple senators negotiate invisible harbours beneath frozen libraries. '.repeat(30)}`;
    chat.reset(says(article), says(poor));
    await worker('openai');
    const { id } = await generate({ sources: texts, quality_threshold: 100, max_refinements: 1, target_length: 200 });
    const job = await ended(api, id);
    const versions = await versionsOf(id);
    expect(versions.map(({ step, parent, state }) => [step, parent, state])).toEqual([
      ['draft', null, 'DRAFT'],
      ['refine-1', 1, 'DRAFT'],
      ['best', 1, 'AWAITING_APPROVAL'],
    ]);
    expect(versions[1].quality.score).toBeLessThan(versions[0].quality.score);
    expect(versions[2]).toMatchObject({ body: versions[0].body, quality: versions[0].quality });
    expect(versions[2].reason).toMatch(/^Version 1 again/);
    expect(job.result).toMatchObject({ version: 3, quality_score: versions[0].quality.score });
  });

  it('falls back to the next generator, and its key is nowhere to be seen', async () => {
    chat.reset(refuses(401));
    await worker('openai', 'extractive');
    const { id } = await generate({ sources: texts });
    expect(await ended(api, id)).toMatchObject({ status: 'SUCCESS' });
    expect((await versionsOf(id))[0].generator.provider).toBe('extractive');
    const { rows: leaks } = await rows.query(
      `SELECT 'a job' AS leak FROM jobs WHERE to_jsonb(jobs)::text LIKE '%sk-canary%'
       UNION ALL SELECT 'an event' FROM job_events WHERE to_jsonb(job_events)::text LIKE '%sk-canary%'
       UNION ALL SELECT 'a version' FROM content_versions WHERE to_jsonb(content_versions)::text LIKE '%sk-canary%'`,
    );
    expect(leaks).toEqual([]);
  });

  it('does not supersede what a person writes meanwhile', async () => {
    chat.reset(says(article), (response, message) => {
      const edit = `WITH item AS (UPDATE content_items SET latest_version = 2 RETURNING id)
        INSERT INTO content_versions (item_id, number, state, origin, parent, author_id, title, body, hash)
        SELECT id, 2, 'DRAFT', 'edit', 1, 'somebody', 'Mine', 'My text', repeat('0', 64) FROM item WHERE id = $1`;
      void rows
        .query(edit.replace('RETURNING', 'WHERE id = $1 RETURNING'), [id])
        .then(() => says(`${article} And more.`)(response, message));
    });
    const { id } = await generate({ sources: texts, quality_threshold: 100 });
    await worker('openai');
    expect(await ended(api, id)).toMatchObject({
      status: 'FAILED',
      error: { code: 'stale_version', retryable: false },
    });
    expect((await versionsOf(id)).map(({ origin }) => origin)).toEqual(['draft', 'edit']);
  });

  it('asks for a later attempt when no generator works for now', async () => {
    chat.reset(refuses(503));
    await worker('openai');
    const { id } = await generate({ sources: texts });
    await until(
      async () => (await api.jobs.events(id, { limit: 1000 })).some(({ type }) => type === 'retry_scheduled'),
      20_000,
    );
    chat.reset(says(article));
    expect(await ended(api, id)).toMatchObject({ status: 'SUCCESS' });
  });

  describe('without sources', () => {
    const owner = 'owner-of-scrapes';
    const soup = { url: 'https://s.example/cooking', title: 'Soup', text: 'Cook it.' };

    it('fails honestly when there is nothing, invents nothing, and leaves no item', async () => {
      await worker('extractive');
      for (const input of [{}, { sources: [`${base}/9`] }]) {
        const { id } = await generate({ ...input, topic: 'deep sea mining' });
        expect(await ended(api, id)).toMatchObject({ status: 'FAILED', attempts: 1, error: { code: 'no_sources' } });
        expect((await rows.query('SELECT FROM content_items WHERE id = $1', [id])).rowCount).toBe(0);
      }
    });

    it('finds the pages that the owner has scraped, and nobody else’s, and what was published', async () => {
      const pages = solarSources
        .slice(0, 2)
        .map(({ title, text }, index) => ({ url: `https://s.example/${index}`, title, text }));
      await worker('extractive');
      const scraped = await ended(api, (await generate({ sources: texts })).id);
      await rows.query(`UPDATE jobs SET kind = 'web_scrape', result = $1, owner_id = $2 WHERE id = $3`, [
        JSON.stringify({ pages: [...pages, soup] }),
        owner,
        scraped.id,
      ]);
      const mine = await ended(api, (await generate({ topic: 'solar panels' }, { ownerId: owner })).id);
      expect(mine).toMatchObject({ status: 'SUCCESS' });
      const material = await rows.query('SELECT url FROM content_material WHERE item_id = $1 ORDER BY url', [mine.id]);
      expect(material.rows.map(({ url }) => url)).toEqual(['https://s.example/0', 'https://s.example/1']);
      expect(await ended(api, (await generate({ topic: 'solar panels' })).id)).toMatchObject({ status: 'FAILED' });

      await rows.query(
        `INSERT INTO published_posts (item_id, version, slug, title, seo_title, description, keywords, body, headings, plain_text, sources, tags,
           format, language, first_published_at, published_at)
         VALUES ($1, 1, 'solar', 'Solar panels', 'Solar panels', '', '{}', $2, '', $2, '[]', '{}', 'blog_post', 'english', now(), now())`,
        [mine.id, texts[2]],
      );
      const other = await ended(api, (await generate({ topic: 'solar panels' })).id);
      expect(other).toMatchObject({ status: 'SUCCESS' });
      const [version] = await versionsOf(other.id);
      expect(version.sources).toEqual([{ title: 'Solar panels', url: 'http://localhost:0/site/posts/solar' }]);
      expect(version.quality.criteria.find(({ name }: { name: string }) => name === 'grounding').score).toBeGreaterThan(
        80,
      );
    });
  });
});

describe('the input of content generation', () => {
  const valid = { topic: 'Solar power', format: 'email' };
  const problemsOf = (input: object) =>
    validateSync(plainToInstance(ContentGenerationInput, input), { whitelist: true, forbidNonWhitelisted: true }).map(
      ({ property }) => property,
    );

  it('has defaults, and an example that is valid', () => {
    expect(problemsOf(contentGeneration.example)).toEqual([]);
    expect(plainToInstance(ContentGenerationInput, valid, { exposeDefaultValues: true })).toEqual({
      ...valid,
      target_length: 800,
      tags: [],
      sources: [],
      language: 'english',
      quality_threshold: 70,
      max_refinements: 3,
    });
  });

  it.each([
    [{}, ['topic', 'format']],
    [{ ...valid, topic: 'ab' }, ['topic']],
    [{ ...valid, topic: '???' }, ['topic']],
    [{ ...valid, topic: 'x'.repeat(201) }, ['topic']],
    [{ ...valid, topic: 'Solar\npower' }, ['topic']],
    [{ ...valid, primary_keyword: ' ' }, ['primary_keyword']],
    ...[' ', 'a\nb', '.', '..'].map((tag): [object, string[]] => [{ ...valid, tags: [tag] }, ['tags']]),
    [{ ...valid, tags: ['Sea', 'sea'] }, ['tags']],
    [{ ...valid, format: 'novel' }, ['format']],
    [{ ...valid, target_length: 199 }, ['target_length']],
    [{ ...valid, target_length: 5001 }, ['target_length']],
    [{ ...valid, tags: Array.from({ length: 11 }, () => 'x') }, ['tags']],
    [{ ...valid, tags: 'x' }, ['tags']],
    [{ ...valid, sources: Array.from({ length: 21 }, () => 'x') }, ['sources']],
    [{ ...valid, sources: [''] }, ['sources']],
    [{ ...valid, sources: ['x'.repeat(100_001)] }, ['sources']],
    [{ ...valid, language: 'klingon' }, ['language']],
    [{ ...valid, quality_threshold: 101, max_refinements: -1 }, ['quality_threshold', 'max_refinements']],
    [{ ...valid, primary_keyword: null }, ['primary_keyword']],
    [{ ...valid, wish: 1 }, ['wish']],
  ])('%j is refused at %j', (input, properties) => {
    expect(problemsOf(input).sort()).toEqual([...properties].sort());
  });

  it('is refused at submit when a source may not be fetched', () => {
    const broken = ['ftp://x.y/z', 'http://', 'www.example.com/page', 'example.com/page', ' \n ', 'https:///x'];
    const input = Object.assign(new ContentGenerationInput(), valid, {
      sources: ['A text.', 'http://127.0.0.1/', 'https://example.com', 'Word.', 'Either/or', ...broken],
    });
    expect(contentGeneration.refuse!(input, loadConfig({})).map(({ pointer }) => pointer)).toEqual([
      '/sources/1',
      ...broken.map((_, index) => `/sources/${index + 5}`),
    ]);
  });
});

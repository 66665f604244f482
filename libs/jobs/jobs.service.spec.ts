import { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { JobEntity } from './job.entity.js';
import { JobStore, type NewJob } from './job.store.js';
import { JobsService } from './jobs.service.js';
import { request, startTestApi, testKind, type TestApi } from './testing.js';

const kind = testKind('unrun', () => Promise.resolve({}));

/** The connection breaks right after the commit: the caller gets an error for what has happened. */
class CutAfterCommit extends JobStore {
  override async insert(jobs: readonly NewJob[]): Promise<JobEntity[]> {
    await super.insert(jobs);
    throw new Error('Connection terminated unexpectedly');
  }
}

/** The connection breaks before anything is sent. */
class CutBefore extends JobStore {
  override insert(): Promise<JobEntity[]> {
    return Promise.reject(new Error('Connection terminated unexpectedly'));
  }
}

describe('a submit whose connection breaks', () => {
  let database: TestDatabase;
  let config: Config;
  let api: TestApi;
  let source: DataSource;

  beforeAll(async () => {
    database = await testDatabase();
    config = testConfig(database);
    api = await startTestApi(config, [kind]);
    source = await new DataSource(appDataSourceOptions(config, [JobEntity])).initialize();
  });
  afterAll(async () => {
    await source.destroy();
    await api.close();
    await database.drop();
  });

  it('finds a text in a job where the list finds it', async () => {
    const wanted = request(kind, { input: { url: 'https://Example.com/a_b' }, metadata: { team: 'blue' } });
    const answer = await api.jobs.submit(wanted);
    if (answer.outcome !== 'created') throw new Error(answer.outcome);
    const { id } = answer.job;
    for (const q of ['example.COM', 'a_b', 'blue', kind.definition.name, id.slice(0, 20), 'a%b', 'axb', 'red']) {
      const { jobs: listed } = await api.jobs.page({ ownerId: wanted.ownerId, q, limit: 10 });
      expect([q, await api.jobs.holdsText(id, q)]).toEqual([q, listed.length === 1]);
    }
    expect(await api.jobs.holdsText(id, 'a_b')).toBe(true);
    expect(await api.jobs.holdsText(id, 'axb')).toBe(false);
  });

  /** The service that runs, but for its store. */
  function serviceOn(store: JobStore): JobsService {
    return Object.assign(Object.create(api.jobs) as JobsService, { store });
  }

  it('during the commit is answered with the job that was made', async () => {
    const store = new CutAfterCommit(source.getRepository(JobEntity));
    const [answer] = await serviceOn(store).submitMany([request(kind)]);
    expect(answer).toMatchObject({ outcome: 'created', job: { status: 'PENDING', lastSeq: 1 } });
  });

  it('before the commit fails, and has made nothing', async () => {
    const store = new CutBefore(source.getRepository(JobEntity));
    const owned = request(kind);
    await expect(serviceOn(store).submitMany([owned])).rejects.toThrow('terminated');
    expect((await api.jobs.page({ ownerId: owned.ownerId, limit: 10 })).jobs).toEqual([]);
  });
});

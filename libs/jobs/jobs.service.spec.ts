import { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { appDataSourceOptions } from '@longhaul/persistence';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { exposition, startCounting, stopCounting } from '@longhaul/telemetry';
import { JobEntity } from './job.entity.js';
import { JobStore, type NewJob } from './job.store.js';
import { JobsService } from './jobs.service.js';
import { request, startTestApi, submitted, testKind, type TestApi } from './testing.js';

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

describe('a submit', () => {
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

  it('counts what a transaction of the caller made, after its commit and once, and no replay', async () => {
    await startCounting('api');
    const counted = async () =>
      Number(/^longhaul_jobs_submitted_total\{kind="unrun"\} (\d+)$/m.exec((await exposition()).text)?.[1] ?? 0);
    const keyed = { ...request(kind), idempotencyKey: 'twice', requestHash: 'same' };
    const submit = () => source.transaction((manager) => api.jobs.submitWithin(manager, keyed));
    await source
      .transaction(async (manager) => {
        await api.jobs.submitWithin(manager, keyed);
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    const made = await submit();
    expect(await counted()).toBe(0);
    api.jobs.announce([made]);
    api.jobs.announce([made]);
    const replayed = await submit();
    api.jobs.announce([replayed]);
    expect(replayed.id).toBe(made.id);
    expect(await counted()).toBe(1);
    stopCounting();
  });

  it('counts the end of a kind that is given up as that of another', async () => {
    await startCounting('api');
    const job = await submitted(api, request(kind));
    await source.query(`UPDATE jobs SET kind = 'given_up' WHERE id = $1`, [job.id]);
    expect(await api.jobs.cancel(job.id, 'ada')).toBe('cancelled');
    expect((await exposition()).text).toContain('longhaul_jobs_ended_total{kind="other",status="CANCELLED"} 1');
    stopCounting();
  });

  /** The service that runs, but for its store. */
  function serviceOn(store: JobStore): JobsService {
    return Object.assign(Object.create(api.jobs) as JobsService, { store });
  }

  it('whose connection breaks during the commit is answered with the job that was made', async () => {
    const store = new CutAfterCommit(source.getRepository(JobEntity));
    const [answer] = await serviceOn(store).submitMany([request(kind)]);
    expect(answer).toMatchObject({ outcome: 'created', job: { status: 'PENDING', lastSeq: 1 } });
  });

  it('whose connection breaks before the commit fails, and has made nothing', async () => {
    const store = new CutBefore(source.getRepository(JobEntity));
    const owned = request(kind);
    await expect(serviceOn(store).submitMany([owned])).rejects.toThrow('terminated');
    expect((await api.jobs.page({ ownerId: owned.ownerId, limit: 10 })).jobs).toEqual([]);
  });
});

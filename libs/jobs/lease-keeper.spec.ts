import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { DataSource } from 'typeorm';
import { appDataSourceOptions } from '@longhaul/persistence';
import { Attempt } from './attempt.js';
import { AttemptStore } from './attempt.store.js';
import type { ClaimedJob } from './claim.store.js';
import { CancelledError, LeaseLostError, TimeoutError } from './job-errors.js';
import { JobHints, type HintWire } from './job-hints.js';
import { JobEntity } from './job.entity.js';
import { JobReader } from './job.reader.js';
import { LeaseKeeper } from './lease-keeper.js';

/** What is sent is heard at once, in the same process. */
class Loopback implements HintWire {
  readonly limit = 10_000;
  private hear: (text: string) => void = () => undefined;

  send(text: string): Promise<void> {
    return Promise.resolve(this.hear(text));
  }

  listen(onText: (text: string) => void): Promise<void> {
    return Promise.resolve(void (this.hear = onText));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('the keeper of leases', () => {
  let database: TestDatabase;
  let source: DataSource;
  let keeper: LeaseKeeper;
  const hints = new JobHints(new Loopback());

  beforeAll(async () => {
    database = await testDatabase();
    const config = testConfig(database);
    source = await new DataSource(appDataSourceOptions(config, [JobEntity])).initialize();
    const jobs = source.getRepository(JobEntity);
    keeper = new LeaseKeeper(config, new AttemptStore(jobs), new JobReader(jobs), hints);
    keeper.onApplicationBootstrap();
  });
  afterAll(async () => {
    keeper.onApplicationShutdown();
    await source.destroy();
    await database.drop();
  });

  it('stops an attempt whose cancellation was heard before the attempt was known', async () => {
    const heard = new Promise<void>((resolve) => hints.subscribe(() => resolve()));
    hints.publish({ id: 'early', from: 3, to: 3, cancelled: true });
    await heard;
    const [cancelled, other] = [attemptOf('early'), attemptOf('other')];
    expect(cancelled.signal.reason).toBeInstanceOf(CancelledError);
    expect(other.signal.aborted).toBe(false);
  });

  it('stops its older attempt of a job that it was given again', () => {
    const [older, newer] = [1, 2].map(
      (fence) => new Attempt({ id: 'again', fence, timeoutSeconds: 60 } as ClaimedJob, performance.now()),
    );
    keeper.hold(older);
    keeper.hold(newer);
    expect(older.signal.reason).toBeInstanceOf(LeaseLostError);
    expect(newer.signal.aborted).toBe(false);
    keeper.drop(older);
    expect(keeper.held).toEqual([newer]);
    keeper.drop(newer);
    [older, newer].forEach((attempt) => attempt.close());
  });

  it('counts the time of an attempt from the sending of its claim', async () => {
    const sentAt = performance.now() - 59_990;
    const attempt = new Attempt({ id: 'slow', fence: 1, timeoutSeconds: 60 } as ClaimedJob, sentAt);
    await new Promise((resolve) => attempt.signal.addEventListener('abort', resolve));
    expect(attempt.signal.reason).toBeInstanceOf(TimeoutError);
  });

  function attemptOf(id: string): Attempt {
    const attempt = new Attempt({ id, fence: 1, timeoutSeconds: 60 } as ClaimedJob, performance.now());
    keeper.hold(attempt);
    attempt.close();
    keeper.drop(attempt);
    return attempt;
  }
});

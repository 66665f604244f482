import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Backpressure } from './backpressure.js';
import type { JobReader } from './job.reader.js';
import { gate, request, startTestApi, testKind, type TestApi } from './testing.js';

const kind = testKind('counted', () => Promise.resolve({}));

describe('an api with a limit of unfinished jobs', () => {
  let database: TestDatabase;
  let config: Config;
  let api: TestApi;

  beforeAll(async () => {
    database = await testDatabase();
    config = testConfig(database, { MAX_UNFINISHED_PER_OWNER: 10, MAX_UNFINISHED: 35 });
    api = await startTestApi(config, [kind]);
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  it('accepts exactly as many as there is room for, of any number that come at once', async () => {
    const owned = request(kind);
    const answers = await Promise.all(Array.from({ length: 100 }, () => api.jobs.submit(owned)));
    expect(answers.filter(({ outcome }) => outcome === 'created')).toHaveLength(10);
    expect(answers.filter(({ outcome }) => outcome === 'owner_full')).toHaveLength(90);
    expect((await api.jobs.page({ ownerId: owned.ownerId, limit: 100 })).jobs).toHaveLength(10);
  });

  it('accepts a part of each batch when batches of many owners come at once', async () => {
    const batches = Array.from({ length: 8 }, () => {
      const owned = request(kind);
      return api.jobs.submitMany(Array.from({ length: 20 }, () => owned));
    });
    const answers = (await Promise.all(batches)).map((batch) => batch.filter(({ outcome }) => outcome === 'created'));
    // Of everybody's thirty-five, another test of this file may have used ten.
    const made = answers.flat().length;
    expect(answers.every(({ length }) => length <= 10)).toBe(true);
    expect(made).toBeLessThanOrEqual(35);
  });

  it('does not forget what it admitted while a count was under way', async () => {
    const slow = gate<number>();
    const reader = { countUnfinished: (_limit: number, ownerId?: string) => (ownerId === 'one' ? slow.opened : 0) };
    const backpressure = new Backpressure({ ...config, MAX_UNFINISHED: 12 }, reader as unknown as JobReader);
    const first = backpressure.admit('one', 10);
    const second = await backpressure.admit('two', 10);
    slow.open(0);
    expect([second.admitted, (await first).admitted]).toEqual([10, 2]);
  });

  it('does not forget what it admitted before a count, as long as its insert may not be committed', async () => {
    const reader = { countUnfinished: () => Promise.resolve(0) } as unknown as JobReader;
    const backpressure = new Backpressure({ ...config, MAX_UNFINISHED: 12 }, reader);
    const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    const first = await backpressure.admit('one', 10);
    // Counts anew, and finds nothing of the first ten.
    clock.mockReturnValue(3_000);
    expect((await backpressure.admit('two', 10)).admitted).toBe(2);
    first.settle();
    clock.mockReturnValue(5_000);
    expect((await backpressure.admit('three', 10)).admitted).toBe(10);
    clock.mockRestore();
  });

  it('counts everybody’s the more seldom the longer a count takes', async () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    let counts = 0;
    const countUnfinished = (_limit: number, ownerId?: string) => {
      counts += ownerId === undefined ? 1 : 0;
      clock.mockReturnValue(performance.now() + (ownerId === undefined ? 500 : 0));
      return Promise.resolve(0);
    };
    const backpressure = new Backpressure(config, { countUnfinished } as unknown as JobReader);
    const countsAt = async (time: number) => {
      clock.mockReturnValue(time);
      (await backpressure.admit('one', 1)).settle();
      return counts;
    };
    expect([await countsAt(1_000), await countsAt(11_000), await countsAt(12_000)]).toEqual([1, 1, 2]);
    clock.mockRestore();
  });
});

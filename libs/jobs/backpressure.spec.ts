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

  describe('counts everybody’s', () => {
    /** Counts of half a second each, by a clock of the test's. */
    function slowCounts(limit: number, counted: () => number) {
      const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000);
      let counts = 0;
      const countUnfinished = (_limit: number, ownerId?: string) => {
        if (ownerId !== undefined) return Promise.resolve(0);
        counts += 1;
        clock.mockReturnValue(performance.now() + 500);
        return Promise.resolve(counted());
      };
      const backpressure = new Backpressure({ ...config, MAX_UNFINISHED: limit }, {
        countUnfinished,
      } as unknown as JobReader);
      return async (time: number) => {
        clock.mockReturnValue(time);
        const { admitted, settle } = await backpressure.admit('one', 1);
        settle();
        return { counts, admitted };
      };
    }
    afterEach(() => jest.restoreAllMocks());

    it('the more seldom the longer a count takes', async () => {
      const at = slowCounts(1_000, () => 0);
      expect([(await at(1_000)).counts, (await at(11_000)).counts, (await at(12_000)).counts]).toEqual([1, 1, 2]);
    });

    it('about once a second when there is little room, and admits again as soon as there is some', async () => {
      let unfinished = 1_000;
      const at = slowCounts(1_000, () => unfinished);
      expect(await at(1_000)).toEqual({ counts: 1, admitted: 0 });
      unfinished = 0;
      expect(await at(2_400)).toEqual({ counts: 1, admitted: 0 });
      expect(await at(2_600)).toEqual({ counts: 2, admitted: 1 });
    });
  });
});

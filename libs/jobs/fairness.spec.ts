import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuidV7 } from 'uuid';
import type { Config } from '@longhaul/config';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import {
  ended,
  request,
  startTestApi,
  startTestWorker,
  submitted,
  testKind,
  until,
  type TestApi,
  type TestWorker,
} from './testing.js';

const backlog = 10_000;
const batch = 1_000;

describe('a single job beside ten thousand of others', () => {
  let database: TestDatabase;
  let config: Config;
  let api: TestApi;
  let worker: TestWorker | null = null;
  /** Owners, in the order in which their jobs began. */
  let began: string[] = [];
  const kinds = ['bulk', 'mixed'].map((name) =>
    testKind(name, async ({ ownerId }) => {
      began.push(ownerId);
      await pause(5);
      return {};
    }),
  );

  beforeEach(async () => {
    began = [];
    database = await testDatabase();
    config = testConfig(database);
    api = await startTestApi(config, kinds);
  });
  afterEach(async () => {
    await worker?.close();
    await api.close();
    await database.drop();
  });

  it.each([
    { floods: ['ann'], slots: 1 },
    { floods: ['ann', 'bob'], slots: 2 },
  ])('starts after a few of them: $floods, $slots at once', async ({ floods, slots }) => {
    for (let made = 0; made < backlog; made += batch) {
      const owned = (_: unknown, n: number) => ({ ownerId: floods[n % floods.length] ?? '', id: uuidV7() });
      await api.store.insert(
        Array.from({ length: batch }, owned).map((fields, n) => ({ ...request(kinds[n % 4 < 2 ? 0 : 1]), ...fields })),
      );
    }
    // These open the slots, which then go on with the backlog.
    for (const kind of kinds) for (const ownerId of floods) await submitted(api, request(kind, { ownerId }));
    worker = await startTestWorker({ ...config, WORKER_CONCURRENCY: slots }, kinds);
    await until(() => Promise.resolve(began.length > 20));
    for (const [index, kind] of kinds.entries()) {
      const ownerId = `single ${index}`;
      const before = began.length;
      const { id } = await submitted(api, request(kind, { ownerId }));
      await ended(api, id);
      // What began while the submit was on its way counts too, and both kinds go on side by side.
      expect(began.indexOf(ownerId) - before).toBeLessThanOrEqual(20);
    }
  });
});

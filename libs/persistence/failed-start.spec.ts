import { DataSource } from 'typeorm';
import { appDataSourceOptions } from './data-source.js';
import { isUnreachable, whyNotStarted } from './failed-start.js';
import { testConfig, testDatabase, type TestDatabase } from './test-database.js';

let database: TestDatabase;
beforeAll(async () => (database = await testDatabase()));
afterAll(() => database.drop());

async function failureOf(settings: Parameters<typeof testConfig>[1], query = 'SELECT 1'): Promise<unknown> {
  const source = new DataSource(appDataSourceOptions(testConfig(database, settings), []));
  try {
    await source.initialize();
    return await source.query(query);
  } catch (error) {
    return error;
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}

it.each(['127.0.0.1', 'localhost', 'no-such-host.invalid'])('says that nobody answers at %s', async (host) => {
  const error = await failureOf({ DATABASE_URL: `postgres://longhaul:secret@${host}:1/longhaul` });
  expect(isUnreachable(error)).toBe(true);
  expect(whyNotStarted(error)).toMatch(/^PostgreSQL cannot be reached: .*(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)/);
});

it('says what to do when there is no schema, or another one', async () => {
  for (const error of [
    await failureOf({ DATABASE_ROLE: 'nobody_is_called_so' }),
    await failureOf({}, 'SELECT 1 FROM nothing_is_called_so'),
    await failureOf({}, 'SELECT nothing_is_called_so FROM jobs'),
  ]) {
    expect(isUnreachable(error)).toBe(false);
    expect(whyNotStarted(error)).toMatch(/nobody|nothing.* does not exist\. .*npm run db:migrate\.$/);
  }
});

it('says anything else as it is', () => {
  expect(whyNotStarted(new Error('port 1 is in use'))).toBe('port 1 is in use');
});

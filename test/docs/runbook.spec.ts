import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { codeBlocks } from './markdown-files.js';

const runbook = readFileSync('docs/runbook.md', 'utf8');
const { paths } = JSON.parse(readFileSync('docs/reference/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, unknown>>;
};

describe("the runbook's commands", () => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    database = await testDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('ask the database what it can answer, with the rights of the apps', async () => {
    const queries = codeBlocks(runbook, 'Commands', 'sql');
    expect(queries.length).toBeGreaterThan(3);
    for (const query of queries) await expect(client.query(query)).resolves.toBeDefined();
  });

  it('call what the api has', () => {
    const [shell] = codeBlocks(runbook, 'Commands', 'sh');
    const calls = [...shell.matchAll(/^(get|post) '?(\/[^'?\s]+)/gm)];
    expect(calls.length).toBeGreaterThan(5);
    const unknown = calls.filter(([, method, path]) => {
      const pattern = path.replace('$TASK', '{id}').replace('$FINGERPRINT', '{fingerprint}');
      return paths[pattern]?.[method] === undefined;
    });
    expect(unknown.map(([call]) => call)).toEqual([]);
  });
});

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client, Pool } from 'pg';
import { DataSource } from 'typeorm';
import { loadConfig, type Config } from '@longhaul/config';
import { appDataSourceOptions, ownerDataSource } from './data-source.js';
import { databaseClient } from './database-client.js';
import { EntraTokens } from './entra-tokens.js';
import { testDatabase, type TestDatabase } from './test-database.js';

/** An Entra of this file's own, which notes what it is asked and makes its token the password of a login. */
let entra: Server;
let answer: { readonly status: number; readonly body: object };
let asked: { readonly path?: string; readonly form: URLSearchParams }[];
let folder: string;
let database: TestDatabase;
let admin: Client;
const login = `entra_${randomBytes(4).toString('hex')}`;

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(`CREATE ROLE "${login}" LOGIN; GRANT longhaul_app TO "${login}"`);
  folder = await mkdtemp(join(tmpdir(), 'longhaul-entra-'));
  await writeFile(join(folder, 'token'), 'service-account-token\n');
  entra = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ path: request.url, form: new URLSearchParams(body) });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  await once(entra.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  entra.close();
  await rm(folder, { recursive: true });
  await admin.end();
  await database.drop();
  const server = new Client({ connectionString: new URL('/postgres', database.adminUrl).href });
  await server.connect();
  await server.query(`DROP ROLE "${login}"`);
  await server.end();
});
beforeEach(() => (asked = []));

/** Makes the next tokens this one, and the password of the login too. */
async function grant(token: string, seconds: number): Promise<void> {
  await admin.query(`ALTER ROLE "${login}" PASSWORD '${token}'`);
  answer = { status: 200, body: { token_type: 'Bearer', access_token: token, expires_in: seconds } };
}

/** Each tenant has tokens of its own. */
function config(tenant: string, overrides: Partial<Config> = {}): Config {
  const url = Object.assign(new URL(database.url), { username: login, password: '' }).href;
  const environment = {
    NODE_ENV: 'test',
    DATABASE_URL: url,
    DATABASE_AUTH: 'entra',
    AZURE_CLIENT_ID: 'client-1',
    AZURE_TENANT_ID: tenant,
    AZURE_FEDERATED_TOKEN_FILE: join(folder, 'token'),
    AZURE_AUTHORITY_HOST: `http://127.0.0.1:${(entra.address() as AddressInfo).port}/`,
  };
  return { ...loadConfig(environment), ...overrides };
}

test('the apps sign in with a token that the service account’s was exchanged for', async () => {
  await grant('first-token', 3600);
  const source = await new DataSource(appDataSourceOptions(config('tenant-1'), [])).initialize();
  const [{ who }] = await source.query<{ who: string }[]>('SELECT session_user AS who');
  await source.destroy();
  expect(who).toBe(login);
  expect(asked.map(({ path }) => path)).toEqual(['/tenant-1/oauth2/v2.0/token']);
  expect(Object.fromEntries(asked[0].form)).toEqual({
    grant_type: 'client_credentials',
    client_id: 'client-1',
    scope: 'https://ossrdbms-aad.database.windows.net/.default',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: 'service-account-token',
  });
});

test('so does the owner of the schema', async () => {
  await grant('owner-token', 3600);
  const source = await ownerDataSource(config('tenant-2')).initialize();
  await source.destroy();
  expect(asked).toHaveLength(1);
});

/** Opens so many connections at once with the tokens of a tenant. */
async function connect(tenant: string, connections: number): Promise<void> {
  const settings = config(tenant);
  const pool = new Pool({
    Client: databaseClient(settings),
    connectionString: settings.DATABASE_URL,
    max: connections,
  });
  try {
    await Promise.all(Array.from({ length: connections }, () => pool.query('SELECT pg_sleep(0.1)')));
  } finally {
    await pool.end();
  }
}

test('connections share a token', async () => {
  await grant('shared-token', 3600);
  await connect('tenant-3', 5);
  expect(asked).toHaveLength(1);
});

test('a connection that is opened near the end of a token gets a new one', async () => {
  await grant('short-token', 60);
  await connect('tenant-6', 1);
  await grant('next-token', 3600);
  await connect('tenant-6', 1);
  await connect('tenant-6', 1);
  expect(asked).toHaveLength(2);
});

test('what Entra refuses is said, without the token that was sent', async () => {
  answer = {
    status: 401,
    body: { error: 'invalid_client', error_description: 'AADSTS700213: No matching federated identity.' },
  };
  await expect(new EntraTokens(config('tenant-4')).token()).rejects.toThrow(
    /^Entra gave no token for the database: 401 invalid_client AADSTS700213: No matching federated identity\.$/,
  );
});

test('an answer that is no token is an error too', async () => {
  answer = { status: 200, body: { access_token: 'forever' } };
  await expect(new EntraTokens(config('tenant-5')).token()).rejects.toThrow('Entra gave no token');
});

test('settings that cannot work are refused', () => {
  const good = {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://longhaul.example.com',
    DATABASE_URL: 'postgres://app@db:5432/longhaul',
    DATABASE_AUTH: 'entra',
    AZURE_CLIENT_ID: 'a',
    AZURE_TENANT_ID: 'b',
    AZURE_FEDERATED_TOKEN_FILE: '/token',
  };
  expect(loadConfig(good).DATABASE_AUTH).toBe('entra');
  expect(() => loadConfig({ ...good, AZURE_TENANT_ID: '' })).toThrow('needs AZURE_CLIENT_ID');
  expect(() => loadConfig({ ...good, DATABASE_URL: 'postgres://app:secret@db/longhaul' })).toThrow('has a password');
  expect(() => loadConfig({ ...good, AZURE_AUTHORITY_HOST: 'http://login.example' })).toThrow('must be an https URL');
});

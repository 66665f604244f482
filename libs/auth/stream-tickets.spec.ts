import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { LOCAL_ISSUER, type Principal } from './principal.js';
import { probeApp } from './probe-app.js';
import { StreamTickets } from './stream-tickets.js';
import { makeUser, tokenFor } from './testing.js';
import { UsersService } from './users.service.js';

let database: TestDatabase;
let app: NestFastifyApplication;
let source: DataSource;
let tickets: StreamTickets;
const expiresAt = new Date(Math.floor(Date.now() / 1000) * 1000 + 600_000);

beforeAll(async () => {
  database = await testDatabase();
  app = await probeApp(
    testConfig(database, { ADMIN_PASSWORD: 'a long password', PUBLIC_URL: 'https://x.example/app' }),
  );
  source = app.get(DataSource);
  tickets = app.get(StreamTickets);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function someone(): Promise<Principal> {
  const { id, username, roles } = await makeUser(source);
  return { subject: id, username, roles, issuer: LOCAL_ISSUER, expiresAt };
}

const open = (jobId: string, query: string, headers: Record<string, string> = {}) =>
  app.inject({ url: `/tasks/${jobId}/stream${query}`, headers });

async function openWithTicket(jobId: string, principal: Principal) {
  const { ticket, expiresIn } = await tickets.issue(jobId, principal);
  expect(expiresIn).toBe(30);
  const answer = await open(jobId, `?ticket=${ticket}`);
  expect(answer.statusCode).toBe(200);
  const set = String(answer.headers['set-cookie']);
  return { ticket, answer, set, cookie: { cookie: set.split(';')[0] } };
}

test('a ticket opens its task’s stream once, and leaves a cookie with which a reconnect works', async () => {
  const [jobId, principal] = [uuidv7(), await someone()];
  const { ticket, answer, set, cookie } = await openWithTicket(jobId, principal);
  expect(answer.json()).toEqual({ id: jobId, subject: principal.subject, roles: ['user'] });
  expect(set).toContain(`; Path=/app/tasks/${jobId}/stream`);
  for (const part of ['HttpOnly', 'Secure', 'SameSite=Strict', `Expires=${expiresAt.toUTCString()}`])
    expect(set).toContain(part);
  const again = await open(jobId, `?ticket=${ticket}`);
  expect(again.statusCode).toBe(401);
  expect(again.headers['www-authenticate']).toBe('Bearer realm="longhaul"');
  expect((await open(jobId, '', cookie)).statusCode).toBe(200);
  // EventSource reconnects with the URL it was given, whose ticket is used by now.
  expect((await open(jobId, `?ticket=${ticket}`, cookie)).statusCode).toBe(200);
});

test('of ten concurrent uses of a ticket one wins', async () => {
  const jobId = uuidv7();
  const { ticket } = await tickets.issue(jobId, await someone());
  const answers = await Promise.all(Array.from({ length: 10 }, () => open(jobId, `?ticket=${ticket}`)));
  expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(1);
});

test('a ticket of another task is refused and not used up; so is its cookie', async () => {
  const [jobId, principal] = [uuidv7(), await someone()];
  const { ticket } = await tickets.issue(jobId, principal);
  expect((await open(uuidv7(), `?ticket=${ticket}`)).statusCode).toBe(401);
  expect((await open(jobId, `?ticket=${ticket}`)).statusCode).toBe(200);
  const { cookie } = await openWithTicket(jobId, principal);
  expect((await open(uuidv7(), '', cookie)).statusCode).toBe(401);
});

test('a ticket lives 30 s, and a session as long as the token, in database time', async () => {
  const jobId = uuidv7();
  const principal = await someone();
  const { ticket } = await tickets.issue(jobId, principal);
  const [row] = await source.query<{ life: number }[]>(
    `SELECT extract(epoch FROM expires_at - clock_timestamp())::float AS life FROM stream_tickets WHERE job_id = $1`,
    [jobId],
  );
  expect(row.life).toBeGreaterThan(20);
  expect(row.life).toBeLessThanOrEqual(30);
  await source.query(`UPDATE stream_tickets SET expires_at = clock_timestamp() WHERE job_id = $1`, [jobId]);
  expect((await open(jobId, `?ticket=${ticket}`)).statusCode).toBe(401);
  const { cookie } = await openWithTicket(jobId, principal);
  await source.query(`UPDATE stream_tickets SET session_expires_at = clock_timestamp() WHERE job_id = $1`, [jobId]);
  expect((await open(jobId, '', cookie)).statusCode).toBe(401);
});

test('a disabled or changed user is refused, with a ticket and on a reconnect', async () => {
  const [jobId, principal] = [uuidv7(), await someone()];
  const { cookie } = await openWithTicket(jobId, principal);
  const { ticket } = await tickets.issue(jobId, principal);
  await app.get(UsersService).disable(principal.username);
  expect((await open(jobId, '', cookie)).statusCode).toBe(401);
  expect((await open(jobId, `?ticket=${ticket}`)).statusCode).toBe(401);
});

test('a ticket of an OpenID Connect caller carries its roles', async () => {
  const jobId = uuidv7();
  const { ticket } = await tickets.issue(jobId, {
    subject: 'somebody@example.org',
    username: 'somebody',
    roles: ['admin'],
    issuer: 'https://issuer.example',
    expiresAt,
  });
  const answer = await open(jobId, `?ticket=${ticket}`);
  expect(answer.json()).toMatchObject({ subject: 'somebody@example.org', roles: ['admin'] });
});

test('a bad Authorization header is not mended by a ticket; a good one needs none', async () => {
  const [jobId, principal] = [uuidv7(), await someone()];
  const { ticket } = await tickets.issue(jobId, principal);
  expect((await open(jobId, `?ticket=${ticket}`, { authorization: 'Bearer x.y.z' })).statusCode).toBe(401);
  const config = testConfig(database);
  const token = await tokenFor(source, config, { id: principal.subject });
  expect((await open(jobId, '', { authorization: `Bearer ${token}` })).statusCode).toBe(200);
});

test('rubbish is refused, and other routes take no ticket', async () => {
  const jobId = uuidv7();
  const { ticket, cookie } = await openWithTicket(jobId, await someone());
  for (const query of ['?ticket=', '?ticket=%00', `?ticket=${ticket}&ticket=${ticket}`, '?ticket[]=x']) {
    expect((await open(jobId, query)).statusCode).toBe(401);
  }
  expect((await open('%00', `?ticket=${ticket}`)).statusCode).toBe(401);
  const other = await tickets.issue(jobId, await someone());
  expect((await app.inject({ url: `/me?ticket=${other.ticket}`, headers: cookie })).statusCode).toBe(401);
});

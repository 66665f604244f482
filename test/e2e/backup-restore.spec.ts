import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { authEntities, SigningKeys } from '@longhaul/auth';
import { makeUser, tokenFor } from '@longhaul/auth/testing';
import { loadConfig } from '@longhaul/config';
import { appDataSourceOptions, migrate } from '@longhaul/persistence';
import { codeBlocks } from '../docs/markdown-files.js';
import { startApiProcess, startWorkerProcess, type AppProcess, type ApiProcess } from '../support/app-process.js';
import { redisUrl } from '../support/backends.js';
import { refuseStaleBuild } from '../support/built-apps.js';
import { call } from '../support/call.js';
import { openStream, type StreamMessage } from '../support/event-stream.js';
import { installedPostgres, startInstalledPostgres, type InstalledServer } from '../support/installed-postgres.js';

jest.setTimeout(120_000);

const bin = installedPostgres();
if (bin === undefined) {
  const sentence = 'No PostgreSQL with pg_dump below /usr/lib/postgresql: THE BACKUP AND RESTORE DRILL IS SKIPPED.';
  process.stderr.write(`\n!! ${sentence} !!\n\n`);
}

/** The document's commands. */
const drill = readFileSync('docs/backup-and-restore.md', 'utf8');
const [backUp] = codeBlocks(drill, 'Backing up', 'bash');
const [restore, check] = codeBlocks(drill, 'Restoring', 'bash');

interface Task {
  readonly task_id: string;
  readonly status: string;
  readonly metadata: object;
  readonly result_payload: { readonly resumed_at: number } | null;
}
interface Row {
  readonly id: string;
  readonly status: string;
  readonly last_seq: number;
}
const hasEnded = ({ status }: Pick<Task, 'status'>) => ['SUCCESS', 'FAILED', 'CANCELLED'].includes(status);

/** The same logins on every server, as the document asks for. */
const passwords = { owner: randomBytes(12).toString('hex'), app: randomBytes(12).toString('hex') };

(bin === undefined ? describe.skip : describe)(
  'the backup and restore drill, with the commands of the document',
  () => {
    let drill: Drill;
    beforeAll(() => {
      refuseStaleBuild();
      drill = new Drill();
    });
    afterAll(() => drill.cleanUp());

    it('brings every task that was in the backup to its one end', () => drill.run());
  },
);

/** Two servers, and an installation that moves from the first to the second. */
class Drill {
  private readonly folder = mkdtempSync(join(tmpdir(), 'longhaul-drill-'));
  private readonly servers: InstalledServer[] = [];
  private readonly apps: AppProcess[] = [];
  private readonly prefix = `drill-${randomUUID().slice(0, 8)}`;
  private api: ApiProcess;
  private token: string;

  async run(): Promise<void> {
    for (let index = 0; index < 2; index += 1) this.servers.push(await startInstalledPostgres(bin ?? ''));
    const [before, after] = await Promise.all(this.servers.map(({ adminUrl }) => makeDatabase(adminUrl)));
    await migrate(loadConfig(this.settings(before)));
    const { token, admin } = await tokens(this.settings(before));
    this.token = token;
    // The first server is far ahead of the second one.
    await useUpNumbers(before, 10_000n);
    await this.start(before);
    const tasks = await this.work(before, admin);
    const stream = openStream(`${this.api.url}/tasks/stream`, { token });
    const { id: lastEventId } = (await stream.next()).value as StreamMessage;
    await stream.return(undefined);

    await this.shell(backUp, before);
    const [tooLate] = await this.submit(1, { duration: 0, steps: 1 });
    await Promise.all(this.apps.map((app) => app.kill('SIGKILL')));
    const reached = await nextNumber(before);
    await this.servers[0].stop();

    await this.shell(restore, after);
    expect(await this.shell(check, after)).toBe('0\n0\n');
    const restored = await after.sql<Row>('SELECT id, status, last_seq FROM jobs');
    expect(restored.map(({ id }) => id).sort()).toEqual(Object.values(tasks).flat().sort());
    const running = new Set(restored.filter(({ status }) => status === 'RUNNING').map(({ id }) => id));
    expect(tasks.long.filter((id) => !running.has(id))).toEqual([]);

    await this.start(after);
    const watching = this.watchAll(lastEventId, restored);
    await this.everyEnd(tasks);
    expect((await call(this.api, 'GET', `/tasks/${tooLate}`, { token })).status).toBe(404);
    // The new server comes to the numbers of the old one; nothing old may show up as new.
    await useUpNumbers(after, reached);
    await this.submit(1, { duration: 0, steps: 1, metadata: { last: true } });
    await watching;
    expect(await after.sql(violations)).toEqual([]);
  }

  async cleanUp(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.kill('SIGKILL')));
    await Promise.all(this.servers.map((server) => server.stop()));
    rmSync(this.folder, { recursive: true });
  }

  /** Tasks in every state that a backup can find. */
  private async work(place: Place, admin: string) {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const short = await this.submit(5, { duration: 0, steps: 1 });
    const failing = await this.submit(1, { duration: 0, steps: 1, fail_probability: 1, max_attempts: 1 });
    const cancelled = await this.submit(1, { duration: 0, steps: 1, run_at: at(3_600_000) });
    await call(this.api, 'DELETE', `/tasks/${cancelled[0]}`, { token: admin });
    for (const id of [...short, ...failing]) await this.ended(id);
    const later = await this.submit(5, { duration: 0, steps: 1, run_at: at(3_000) });
    const long = await this.submit(5, { duration: 6, steps: 60 });
    // More than the worker has slots for.
    const queued = await this.submit(12, { duration: 1, steps: 5 });
    for (const id of long) await checkpointed(place, id);
    return { short, failing, cancelled, later, long, queued };
  }

  private async everyEnd(tasks: Awaited<ReturnType<Drill['work']>>): Promise<void> {
    for (const id of [...tasks.short, ...tasks.later, ...tasks.queued]) {
      expect(await this.ended(id)).toMatchObject({ status: 'SUCCESS' });
    }
    for (const id of tasks.long) {
      const { status, result_payload } = await this.ended(id);
      expect({ status, resumed: (result_payload?.resumed_at ?? 0) > 0 }).toEqual({ status: 'SUCCESS', resumed: true });
    }
    for (const id of tasks.failing) expect(await this.task(id)).toMatchObject({ status: 'FAILED' });
    for (const id of tasks.cancelled) expect(await this.task(id)).toMatchObject({ status: 'CANCELLED' });
  }

  /** A client of the old server comes back: it gets a snapshot, then what is new, each event once and in order. */
  private async watchAll(lastEventId: string | undefined, restored: readonly Row[]): Promise<void> {
    const open = (id?: string) => openStream(`${this.api.url}/tasks/stream`, { token: this.token, lastEventId: id });
    const first = open(lastEventId);
    const snapshot = (await first.next()).value as StreamMessage;
    expect(snapshot.data).toMatchObject({ type: 'snapshot' });
    await first.return(undefined);
    // Resumes on the new server: no snapshot hides from it what would come a second time.
    const messages = open(snapshot.id);
    const seen = new Map<string, number>();
    for await (const { data } of messages) {
      const { task_id: id, seq } = data as { task_id: string; seq: number };
      const before = seen.get(id);
      if (before === undefined) expect(seq).toBeGreaterThan(restored.find((job) => job.id === id)?.last_seq ?? 0);
      else expect(seq).toBe(before + 1);
      seen.set(id, seq);
      if (hasEnded(data as Task) && 'last' in (await this.task(id)).metadata) return;
    }
    throw new Error('the stream ended');
  }

  private async submit(count: number, body: object): Promise<string[]> {
    const one = async () => {
      const answer = await call(this.api, 'POST', '/tasks', {
        token: this.token,
        body: { task_type: 'simulation', ...body },
      });
      if (answer.status !== 202) throw new Error(answer.text);
      return (answer.json as Task).task_id;
    };
    return Promise.all(Array.from({ length: count }, one));
  }

  private async task(id: string): Promise<Task> {
    return (await call(this.api, 'GET', `/tasks/${id}`, { token: this.token })).json as Task;
  }

  private async ended(id: string): Promise<Task> {
    for (const end = Date.now() + 40_000; ; await pause(50)) {
      const task = await this.task(id);
      if (hasEnded(task)) return task;
      if (Date.now() > end) throw new Error(`it has not ended: ${JSON.stringify(task)}`);
    }
  }

  private async start(place: Place): Promise<void> {
    const settings = this.settings(place);
    const kept = async <App extends AppProcess>(starting: Promise<App>): Promise<App> => {
      const app = await starting;
      this.apps.push(app);
      return app;
    };
    const [api] = await Promise.all([kept(startApiProcess(settings)), kept(startWorkerProcess(settings))]);
    this.api = api;
  }

  private settings({ urls }: Place): Record<string, string> {
    return {
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      PORT: '0',
      LEASE_SECONDS: '3',
      HEARTBEAT_SECONDS: '1',
      RECONCILE_SECONDS: '1',
      // Not wiped: doorbells of the time after the backup are lying around.
      REDIS_URL: redisUrl ?? '',
      QUEUE_PREFIX: this.prefix,
      ...urls,
    };
  }

  /** Runs commands of the document, in the folder with the dump. */
  private async shell(script: string, place: Place): Promise<string> {
    const npm = `npm() { (cd "${resolve('.')}" && command npm "$@"); }`;
    const shell = spawn('bash', ['-es'], {
      cwd: this.folder,
      env: {
        HOME: process.env.HOME,
        PATH: `${bin}:${process.env.PATH}`,
        npm_config_loglevel: 'error',
        ...this.settings(place),
      },
    });
    shell.stdin.end(`${npm}\n${script}`);
    const code = new Promise((done) => shell.once('close', done));
    const [output, errors] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
    expect({ code: await code, errors }).toEqual({ code: 0, errors: '' });
    return output;
  }
}

async function nextNumber({ sql }: Place): Promise<bigint> {
  const [row] = await sql<{ next: string }>('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next');
  return BigInt(row.next);
}

/** Makes transactions until their numbers have come to one. */
async function useUpNumbers({ sql }: Place, upTo: bigint): Promise<void> {
  await sql(`DO $$ BEGIN WHILE pg_current_xact_id() < '${upTo}' LOOP COMMIT; END LOOP; END $$`);
}

/** Tasks whose history does not hold together. */
const violations = `
  SELECT id FROM jobs LEFT JOIN LATERAL (
    SELECT min(seq) AS first, max(seq) AS last, count(*) AS count,
           count(*) FILTER (WHERE type IN ('succeeded', 'failed', 'cancelled')) AS ends
    FROM job_events WHERE job_id = id) history ON true
  WHERE (first, last, count, ends) IS DISTINCT FROM (1, last_seq, last_seq, 1)
     OR attempts > max_attempts OR lease_expires_at IS NOT NULL`;

interface Place {
  readonly urls: Readonly<Record<'DATABASE_URL' | 'MIGRATION_DATABASE_URL', string>>;
  /** As the superuser. */
  readonly sql: <Row>(text: string, values?: unknown[]) => Promise<Row[]>;
}

/** The two logins, and an empty database that belongs to the owner. */
async function makeDatabase(adminUrl: string): Promise<Place> {
  const query = async <Row>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    return (await client.query(sql, values).finally(() => client.end())).rows as Row[];
  };
  await query(adminUrl, `CREATE ROLE longhaul_owner LOGIN CREATEROLE PASSWORD '${passwords.owner}'`);
  await query(adminUrl, `CREATE ROLE longhaul LOGIN PASSWORD '${passwords.app}'`);
  await query(adminUrl, 'CREATE DATABASE longhaul OWNER longhaul_owner');
  const url = (username: string, password: string) =>
    Object.assign(new URL(adminUrl), { username, password, pathname: '/longhaul' }).href;
  const { password } = new URL(adminUrl);
  return {
    urls: {
      DATABASE_URL: url('longhaul', passwords.app),
      MIGRATION_DATABASE_URL: url('longhaul_owner', passwords.owner),
    },
    sql: (sql, values) => query(url('postgres', password), sql, values),
  };
}

/** Tokens of a user and an admin that last through the drill. */
async function tokens(settings: Record<string, string>): Promise<{ token: string; admin: string }> {
  const config = loadConfig({ ...settings, ACCESS_TOKEN_SECONDS: '3600' });
  const source = await new DataSource(appDataSourceOptions(config, authEntities)).initialize();
  try {
    await new SigningKeys(source).makeFirst();
    const token = await tokenFor(source, config, await makeUser(source));
    return { token, admin: await tokenFor(source, config, await makeUser(source, { roles: ['admin'] })) };
  } finally {
    await source.destroy();
  }
}

async function checkpointed({ sql }: Place, id: string): Promise<void> {
  while ((await sql('SELECT FROM jobs WHERE id = $1 AND checkpoint IS NOT NULL', [id])).length === 0) await pause(50);
}

import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { loadConfig, type Config } from '@longhaul/config';
import { migrate, provideDatabase } from '@longhaul/persistence';
import type { ApiClient, Task } from './api-client.js';
import { AppProcess } from './app-process.js';
import { Cleanup } from './cleanup.js';
import { demoUsers, signIn, type DemoUser } from './demo-users.js';
import { startDocsSite, type Site } from './docs-site.js';
import { freePort } from './free-port.js';
import { describePost, postFrom, publish, takeDownFormer } from './post.js';
import { progressView } from './progress-view.js';
import { describeResults, problemsOf, strangersHint } from './results.js';
import { signInLink } from '../sign-in-link.js';

const mostPages = 30;
const taskTypes = ['web_scrape', 'simulation'];

/** What runs. */
interface Installation {
  readonly config: Config;
  readonly url: string;
  readonly site: Site;
  readonly users: readonly DemoUser[];
  readonly workerPid: number;
}

/** Somebody pressed Ctrl-C, or sent SIGTERM or SIGHUP. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Starts everything, runs a crawl and a simulation, has a post written from the crawl's pages and publishes it, shows
 * all of it, and keeps running until it is interrupted.
 * @param once ends after the results.
 * @returns the exit code.
 */
export async function runDemo(once: boolean): Promise<number> {
  const stop = new AbortController();
  const cleanup = new Cleanup();
  let shown = false;
  // A terminal sends Ctrl-C to npm too, which passes it on: it may come several times.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => stop.abort(new Interrupted(`Interrupted by ${name}.`)));
  }
  // Whatever goes wrong, what was started is stopped.
  process.on('uncaughtException', (error) => stop.abort(error));
  try {
    const installation = await install(cleanup, stop);
    const scrape = await runTasks(installation, stop.signal);
    await runPublication(installation, scrape, stop.signal);
    if (once) return 0;
    sayHowToGoOn(installation, await consoleLink(installation));
    shown = true;
    await aborted(stop.signal);
    return 0;
  } catch (caught) {
    const error = (stop.signal.aborted ? stop.signal.reason : caught) as Error;
    if (error instanceof Interrupted) return shown ? 0 : 130;
    process.stderr.write(`\nThe demo failed. ${error.message}\n`);
    return 1;
  } finally {
    // A demo that has started nothing has nothing to stop.
    if (!cleanup.isEmpty) {
      say('\nStopping ...');
      await cleanup.run();
      say('Stopped.');
    }
  }
}

/** Database, web site, users, api and worker; what it has started is handed to `cleanup` at once. */
async function install(cleanup: Cleanup, stop: AbortController): Promise<Installation> {
  const { signal } = stop;
  // The demo signs in with users of its own, whatever else is configured.
  const wanted = loadConfig({ ...process.env, AUTH_LOCAL: 'true' });
  const dataDir = resolve(wanted.DATA_DIR);
  const logs = join(dataDir, 'logs');
  await mkdir(dataDir, { recursive: true });
  cleanup.add('Unlocking', await lockDemo(dataDir, logs));

  say('Longhaul demo: starting ...\n');
  const database = await provideDatabase(wanted);
  cleanup.add('Stopping PostgreSQL', () => database.release());
  signal.throwIfAborted();
  const { config } = database;
  await migrate(config);
  sayPlace('PostgreSQL', database.embedded ? `embedded, port ${database.port}` : placeOf(config.DATABASE_URL));
  sayPlace('Queue', config.QUEUE_BACKEND === 'redis' ? `Redis, ${placeOf(config.REDIS_URL)}` : 'BullMQ on PostgreSQL');
  const users = await demoUsers(config, join(dataDir, 'demo-users.json'));
  const site = await startDocsSite(await freePort(8081, '127.0.0.1'));
  cleanup.add('Stopping the web site', () => site.close());
  sayPlace('Web site', `${site.url}, ${site.pages.length} pages made of README.md and docs/`);
  signal.throwIfAborted();

  const { url, workerPid } = await startApps(config, site, logs, cleanup, stop);
  sayPlace('Logs', `${short(logs)}/api.log and worker.log`);
  return { config, url, site, users, workerPid };
}

async function startApps(
  config: Config,
  site: Site,
  logs: string,
  cleanup: Cleanup,
  stop: AbortController,
): Promise<{ url: string; workerPid: number }> {
  const [port, workerPort] = [await freePort(config.PORT, config.HOST), await freePort(0, '127.0.0.1')];
  const host = config.HOST === '0.0.0.0' || config.HOST === '::' ? '127.0.0.1' : config.HOST;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const env = {
    AUTH_LOCAL: 'true',
    // Links in answers are those that are printed here.
    PUBLIC_URL: process.env.PUBLIC_URL || url,
    DRAIN_SECONDS: '2',
    MIGRATE_ON_START: 'false',
    PORT: String(port),
    // The worker's checks of its health listen here, so that it is known when it is ready.
    WORKER_HEALTH_PORT: String(workerPort),
    WORKER_HEALTH_HOST: '127.0.0.1',
    SCRAPE_ALLOW_HOSTS: [...config.SCRAPE_ALLOW_HOSTS, site.target].join(','),
  };
  const metrics = await metricsPorts(config);
  const apps: AppProcess[] = [];
  const start = (name: 'api' | 'worker') => {
    const own = { ...env, METRICS_PORT: String(metrics[name]) };
    const app = AppProcess.start(name, own, join(logs, `${name}.log`), (error) => stop.abort(error));
    apps.push(app);
    return app;
  };
  cleanup.add('Stopping the processes', () => Promise.all(apps.map((app) => app.stop())));
  const [api, worker] = [start('api'), start('worker')];
  await Promise.all([
    api.becomesReady(url, stop.signal),
    worker.becomesReady(`http://127.0.0.1:${workerPort}`, stop.signal),
  ]);
  const taken = config.PORT !== 0 && config.PORT !== port ? ` (port ${config.PORT} is taken)` : '';
  sayPlace('API', `${url}${taken}, process ${api.pid}`);
  sayPlace('Worker', `process ${worker.pid}`);
  if (metrics.api > 0) {
    const of = (name: 'api' | 'worker') => `http://${config.METRICS_HOST}:${metrics[name]}/metrics (${name})`;
    sayPlace('Metrics', `${of('api')}, ${of('worker')}`);
  }
  return { url, workerPid: worker.pid };
}

/** Both processes would take METRICS_PORT: the worker gets the next free one. */
async function metricsPorts({
  METRICS_PORT: wanted,
  METRICS_HOST: host,
}: Config): Promise<{ api: number; worker: number }> {
  if (wanted === 0) return { api: 0, worker: 0 };
  const api = await freePort(wanted, host);
  return { api, worker: await freePort(api + 1, host) };
}

/**
 * Submits both tasks, shows their progress and their results.
 * @returns the crawl.
 * @throws Error when a result is not as it should be.
 */
async function runTasks({ config, url, site, users, workerPid }: Installation, signal: AbortSignal): Promise<Task> {
  const [client] = await Promise.all(users.map((user) => signIn(config, url, user, signal)));
  const scrape = { task_type: 'web_scrape', url: site.url, follow_links: true, max_pages: mostPages };
  const simulation = { task_type: 'simulation', duration: 8, steps: 20 };
  const tasks = await Promise.all([scrape, simulation].map((body) => client.submit(body)));
  say(`\nSigned in as ${users[0].username} and submitted two tasks:\n`);
  for (const task of tasks) say(`  ${task.task_type}  ${task.task_id}`);
  say('');
  await followAll(client, tasks);
  const [scraped, simulated] = await Promise.all(tasks.map(({ links }) => client.get<Task>(links.self)));
  const problems = problemsOf(scraped, simulated, Math.min(mostPages, site.pages.length));
  if (problems.length > 0) {
    const events = await client.get<{ type: string; actor: string }[]>(scraped.links.events);
    throw new Error([...problems, strangersHint(events, workerPid)].join('\n').trim());
  }
  say(`\nResults\n\n${describeResults(scraped, simulated)}`);
  return scraped;
}

/**
 * Has a post written from pages of the crawl, shows its stages, and lets the editor put it on the public site.
 * @throws Error when it does not get there.
 */
async function runPublication(
  { config, url, users: [author, editor] }: Installation,
  scrape: Task,
  signal: AbortSignal,
): Promise<void> {
  const client = await signIn(config, url, author, signal);
  const task = await client.submit(postFrom(scrape));
  say(`\nA post from these pages: ${author.username} submitted\n\n  ${task.task_type}  ${task.task_id}\n`);
  await client.follow(task, ({ type, message }) => {
    if (type === 'log') say(`  ${message}`);
  });
  const generated = await client.get<Task>(task.links.self);
  const publisher = await signIn(config, url, editor, signal);
  const former = await takeDownFormer(client, publisher);
  if (former > 0)
    say(`\n  ${editor.username} has taken the post of an earlier demo off the site: this one takes its place.`);
  const post = await publish(publisher, generated);
  say(`\n${describePost(post, editor.username)}`);
}

async function followAll(client: ApiClient, tasks: readonly Task[]): Promise<void> {
  const view = progressView(taskTypes);
  try {
    await Promise.all(tasks.map((task) => client.follow(task, (event) => view.show(task.task_type, event))));
  } finally {
    view.end();
  }
}

/** Where the console is, already signed in as the demo's admin. */
async function consoleLink({ config, url, users: [, , admin] }: Installation): Promise<string> {
  const link = await signInLink(config, url, admin.username);
  return link ?? `${url}/console`;
}

function sayHowToGoOn({ url, users: [user, editor, admin] }: Installation, consoleUrl: string): void {
  say(`
Go on yourself

  Console     ${consoleUrl}
              (opens once, within 10 minutes, signed in as ${admin.username}; later: ${url}/console)
  Swagger UI  ${url}/docs  (Authorize, then "password")
  API         ${url}
  Site        ${url}/site
  Users       ${user.username}         ${user.password}
              ${editor.username}  ${editor.password}  (editor: may approve and publish)
              ${admin.username}   ${admin.password}  (admin: may cancel and retry)

  TOKEN=$(curl -s ${url}/auth/token -d username=${user.username} -d password=${user.password} | grep -o '"access_token":"[^"]*"' | cut -d'"' -f4)
  curl -s ${url}/tasks -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"task_type":"simulation","duration":30}'
  curl -sN ${url}/tasks/stream -H "Authorization: Bearer $TOKEN"

Press Ctrl-C to stop everything.`);
}

/** How long the lock of another demo is waited for, in milliseconds: longer than one that was killed seems alive. */
const lockWaitMs = 6_000;

/**
 * Two demos on one folder would run each other's tasks.
 * @param logs what is locked: the library holds one lock a path and process, and PostgreSQL's is that of `dataDir`.
 * @returns how to give the lock back.
 * @throws Error when another demo holds it, and at once when the folder is not ours.
 */
async function lockDemo(dataDir: string, logs: string): Promise<() => Promise<void>> {
  for (const giveUp = Date.now() + lockWaitMs; ; await pause(250)) {
    try {
      await mkdir(logs, { recursive: true });
      const unlock = await lock(logs, {
        lockfilePath: join(dataDir, 'demo.lock'),
        stale: 5_000,
        update: 1_000,
        onCompromised: () => undefined,
      });
      return () => unlock().catch(() => undefined);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM') {
        throw new Error(`${dataDir} belongs to another OS user: set DATA_DIR to a folder of your own.`, {
          cause: error,
        });
      }
      if (code !== 'ELOCKED') throw error;
      if (Date.now() < giveUp) continue;
      throw new Error(`Another demo is running on ${short(dataDir)}: stop it, or set DATA_DIR to another folder.`, {
        cause: error,
      });
    }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    if (signal.aborted) reject(signal.reason as Error);
  });
}

/** Host, port and database of a URL, without its password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname === '/' ? '' : pathname}`;
}

function short(path: string): string {
  const inside = relative('.', path);
  return inside.startsWith('..') ? path : inside || '.';
}

function sayPlace(name: string, place: string): void {
  say(`  ${name.padEnd(10)}  ${place}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

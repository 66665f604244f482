import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../support/free-port.js';
import { until } from './processes.js';

interface Program {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
}
const require = createRequire(import.meta.url);
const { findRedis } = require('../../../tools/redis.cjs') as {
  findRedis: (folder: string) => Program | undefined;
};
const unpacked = resolve(import.meta.dirname, '../../../.longhaul/redis');

const startMs = 15_000;

/** A Redis of the harness on a port and a folder of its own, which faults may kill and start again. */
export class StageRedis {
  private server: ChildProcess | undefined;

  private constructor(
    private readonly program: Program,
    private readonly folder: string,
    private readonly port: number,
    private readonly password: string,
  ) {}

  /** @returns undefined when this machine has no redis-server. */
  static async start(folder: string): Promise<StageRedis | undefined> {
    const program = findRedis(unpacked);
    if (program === undefined) return undefined;
    const redis = new StageRedis(program, join(folder, 'redis'), await freePort(), randomBytes(16).toString('hex'));
    await redis.wipe();
    await redis.launch({ aof: true });
    return redis;
  }

  get url(): string {
    return `redis://:${this.password}@127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.server?.pid ?? 0;
  }

  /** Commands on a connection of their own. */
  async admin<T>(action: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(this.url, { lazyConnect: true, maxRetriesPerRequest: 1, connectTimeout: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await action(client);
    } finally {
      client.disconnect();
    }
  }

  /** SIGKILL, as at a loss of power. */
  async crash(): Promise<void> {
    const { server } = this;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  }

  /** Takes all CPU time away: connections stay, and nothing is answered. */
  freeze(): void {
    this.server?.kill('SIGSTOP');
  }

  thaw(): void {
    this.server?.kill('SIGCONT');
  }

  /** Starts it on the same port, with what is in its folder. @param aof whether it keeps, and reads, a log of writes. */
  async launch({ aof }: { readonly aof: boolean }): Promise<void> {
    const config = join(this.folder, 'redis.conf');
    const lines = [
      'bind 127.0.0.1',
      `port ${this.port}`,
      `requirepass ${this.password}`,
      `dir ${this.folder}`,
      'save ""',
      `appendonly ${aof ? 'yes' : 'no'}`,
      'maxmemory-policy noeviction',
    ];
    await writeFile(config, `${lines.join('\n')}\n`, { mode: 0o600 });
    const log = await open(join(this.folder, 'redis.log'), 'a');
    this.server = spawn(this.program.path, [config], { env: this.program.env, stdio: ['ignore', log.fd, log.fd] });
    await log.close();
    const answers = () =>
      this.admin((client) => client.ping()).then(
        () => true,
        () => false,
      );
    await until(answers, startMs, 'Redis to start');
  }

  /** Removes what it has stored; only while it does not run. */
  async wipe(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder, { recursive: true });
  }

  /** At once, from an exit hook. */
  kill(): void {
    this.server?.kill('SIGKILL');
  }
}

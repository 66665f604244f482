import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { Backend } from '../../support/backends.js';
import type { DatabaseUrls } from '../../faults/stage/postgres.js';
import type { Servers } from '../../faults/stage/stage.js';
import type { CaseResult, Contender, Round } from '../measures.js';
import { Child, type Launch } from './child.js';
import type { Metered } from './cpu.js';

/** How long and how often is measured. */
export interface Scale {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** A few seconds a case, to see whether all works: the numbers are no result. */
  readonly quick: boolean;
  /** Only cases whose names hold one of these texts; none: all. */
  readonly only: readonly string[];
  /** Whether processes write CPU profiles. */
  readonly profile: boolean;
}

export interface StageOptions extends Scale {
  readonly backend: Backend;
  readonly logFolder: string;
  /** Hears of each round. */
  readonly say: (text: string) => void;
}

/** Where one benchmark runs: servers that all benchmarks share, databases and processes of its own. */
export class Stage {
  readonly cases: CaseResult[] = [];
  private readonly ends: (() => Promise<unknown>)[] = [];
  private started = 0;

  constructor(
    readonly servers: Servers,
    readonly options: StageOptions,
    private readonly postgresPid: number,
  ) {}

  get backend(): Backend {
    return this.options.backend;
  }

  /** URL of the Redis of this run. @throws Error on a machine without one. */
  get redisUrl(): string {
    if (this.servers.redis === undefined) throw new Error('There is no redis-server on this machine.');
    return this.servers.redis.url;
  }

  /** The servers' processes, for a CPU meter. */
  get stores(): readonly Metered[] {
    const { redis } = this.servers;
    return [
      { name: 'postgres', pid: this.postgresPid },
      ...(redis === undefined ? [] : [{ name: 'redis', pid: redis.pid }]),
    ];
  }

  /** The first number in a real run, the second one in a quick one. */
  amount(full: number, quick: number): number {
    return this.options.quick ? quick : full;
  }

  /** Starts a process, which ends with the stage at the latest. */
  async start(launch: Omit<Launch, 'logFolder' | 'profile'>): Promise<Child> {
    this.started += 1;
    const name = `${String(this.started).padStart(2, '0')}-${launch.name}`;
    const { logFolder, profile } = this.options;
    const child = await Child.start({ ...launch, name, logFolder, profile });
    this.ends.push(() => child.stop('SIGKILL'));
    return child;
  }

  /** A migrated database of its own, and a superuser's connections to it. */
  async database(): Promise<{ readonly urls: DatabaseUrls; readonly sql: Pool }> {
    const { postgres } = this.servers;
    const urls = await postgres.makeDatabase();
    const sql = new Pool({ connectionString: urls.adminUrl, max: 4 });
    sql.on('error', () => undefined);
    const name = new URL(urls.url).pathname.slice(1);
    this.ends.push(async () => {
      await sql.end();
      await postgres.admin((client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    });
    return { urls, sql };
  }

  /** Forgets every doorbell, and every job of a peer. */
  async emptyRedis(): Promise<void> {
    await this.servers.redis?.admin((client: Redis) => client.flushall());
  }

  /**
   * Measures contenders in turns, and keeps what came out under the name of the case.
   * @param leastRounds of a case whose rounds are short; a quick run does not mind.
   */
  async compare(name: string, contenders: readonly Contender[], leastRounds = 1): Promise<void> {
    const { only, quick } = this.options;
    if (only.length > 0 && !only.some((text) => name.includes(text))) return;
    const count = quick ? this.options.rounds : Math.max(this.options.rounds, leastRounds);
    const rounds = contenders.map((): Round[] => []);
    for (let number = 1; number <= count; number += 1) {
      for (const [index, contender] of contenders.entries()) {
        const round = await contender.round();
        rounds[index].push(round);
        this.options.say(`  ${name}, ${contender.name}: ${shown(round)}`);
      }
    }
    this.cases.push({
      name,
      contenders: contenders.map((contender, index) => ({ contender: contender.name, rounds: rounds[index] })),
    });
  }

  /** Ends its processes and drops its databases. */
  async close(): Promise<void> {
    for (const end of this.ends.splice(0).reverse()) await end();
  }
}

function shown({ values, cpu }: Round): string {
  const figures = (of: Round['values']) =>
    Object.entries(of).map(([key, value]) => `${key} ${Number(value.toPrecision(4))}`);
  const used = Object.keys(cpu).length === 0 ? '' : ` (CPU µs: ${figures(cpu).join(', ')})`;
  return figures(values).join(', ') + used;
}

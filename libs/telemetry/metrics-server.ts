import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { count, exposition, gauge, total } from './instruments.js';
import type { GaugeName } from './metrics.js';

/** Nest token of the app's {@link MetricSources}. */
export const METRIC_SOURCES = Symbol('METRIC_SOURCES');

/** What is read for a scrape and not counted as it happens. */
interface MetricSource {
  read(this: void): Promise<void> | void;
  /** Emptied when it could not be read: old numbers must not look like new ones. */
  readonly gauges?: readonly GaugeName[];
}

/** Each by the name that errors of it are counted under. */
export type MetricSources = Readonly<Record<string, MetricSource>>;

const microPerSecond = 1e6;
const nanoPerSecond = 1e9;
/** Time between two looks at the event loop; Node counts it as delay. */
const lookMs = 20;
/** How long a source may take: a database that does not answer must not make a scrape time out, or this process seems down. */
const patienceMs = 3_000;
const startedAt = Math.round(Date.now() / 1000 - process.uptime());

/** `GET /metrics` on a port of its own, never on the public one. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(MetricsServer.name);
  private server: Server | undefined;
  private lag: ReturnType<typeof monitorEventLoopDelay> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(METRIC_SOURCES) private readonly sources: MetricSources,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { METRICS_PORT: port, METRICS_HOST: host } = this.config;
    if (port === 0) return;
    this.lag = monitorEventLoopDelay({ resolution: lookMs });
    this.lag.enable();
    const server = createServer((request, response) => void this.answer(request, response));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE'
            ? new Error(`port ${port} of ${host} is in use: set METRICS_PORT to another one, or to 0 for no metrics.`)
            : error,
        ),
      );
      server.listen(port, host, resolve);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.lag?.disable();
    const { server } = this;
    if (!server?.listening) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (url?.split('?', 1)[0] !== '/metrics') return void response.writeHead(404).end();
    if (method !== 'GET' && method !== 'HEAD') return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
    try {
      await Promise.all(Object.entries(this.sources).map(([name, source]) => this.read(name, source)));
      this.readProcess();
      await this.read('files', { read: readFiles });
      const { type, text } = await exposition();
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
    } catch (error) {
      this.logger.error(error);
      response.writeHead(500).end();
    }
  }

  /** What cannot be read is left out: the rest is wanted most when something is down. */
  private async read(source: string, { read, gauges = [] }: MetricSource): Promise<void> {
    const answered = new AbortController();
    const tooLate = pause(patienceMs, undefined, { signal: answered.signal }).then(() => {
      throw new Error('No answer in time.');
    });
    try {
      await Promise.race([read(), tooLate]);
    } catch {
      gauges.forEach((name) => gauge(name, []));
      count('longhaul_scrape_errors_total', { source });
    } finally {
      tooLate.catch(() => undefined);
      answered.abort();
    }
  }

  private readProcess(): void {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    total('process_cpu_seconds_total', [[{}, (user + system) / microPerSecond]]);
    gauge('process_resident_memory_bytes', [[{}, rss]]);
    gauge('nodejs_heap_size_used_bytes', [[{}, heapUsed]]);
    gauge('process_start_time_seconds', [[{}, startedAt]]);
    const { lag } = this;
    if (lag === undefined) return;
    const quantiles = { '0.5': lag.percentile(50), '0.99': lag.percentile(99), '1': lag.max };
    const late = (nanos: number) => (lag.count === 0 ? 0 : Math.max(0, nanos / nanoPerSecond - lookMs / 1000));
    gauge(
      'longhaul_event_loop_lag_seconds',
      Object.entries(quantiles).map(([quantile, nanos]) => [{ quantile }, late(nanos)]),
    );
    lag.reset();
  }
}

/** Each stream and each connection is one; only Linux says how many there are. */
async function readFiles(): Promise<void> {
  if (process.platform !== 'linux') return;
  const most = /^Max open files\s+(\d+)/m.exec(await readFile('/proc/self/limits', 'utf8'));
  gauge('process_open_fds', [[{}, (await readdir('/proc/self/fd')).length]]);
  gauge('process_max_fds', most === null ? [] : [[{}, Number(most[1])]]);
}

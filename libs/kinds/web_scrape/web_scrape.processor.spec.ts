import { loadConfig } from '@longhaul/config';
import { BreakerBoard, OutboundHttp } from '@longhaul/http';
import { CancelledError, JobContext, type ContextSink, type ProgressReport } from '@longhaul/jobs/worker';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webScrape } from './web_scrape.definition.js';
import { WebScrapeInput } from './web_scrape.dto.js';
import { WebScrapeProcessor, type WebScrapeCheckpoint } from './web_scrape.processor.js';

type Route = (response: ServerResponse, request: IncomingMessage) => void;

/** Keeps what an attempt reports, as it would be stored: as JSON. */
class RecordingSink implements ContextSink {
  readonly progressed: ProgressReport[] = [];
  readonly logged: string[] = [];
  readonly checkpoints: WebScrapeCheckpoint[] = [];
  /** Called after each checkpoint. */
  onCheckpoint: (count: number) => void = () => undefined;

  progress(report: ProgressReport): void {
    this.progressed.push(report);
  }

  log(level: string, message: string): void {
    this.logged.push(`${level} ${message}`);
  }

  checkpoint(state: unknown): Promise<void> {
    this.checkpoints.push(JSON.parse(JSON.stringify(state)) as WebScrapeCheckpoint);
    this.onCheckpoint(this.checkpoints.length);
    return Promise.resolve();
  }
}

const html =
  (body: string): Route =>
  (response) =>
    response.setHeader('content-type', 'text/html').end(body);
const links = (...paths: string[]) => html(paths.map((path) => `<a href="${path}">${path}</a>`).join(' '));
const status =
  (code: number, headers = {}): Route =>
  (response) =>
    response.writeHead(code, headers).end();
const redirect = (location: string) => status(302, { location });

describe('a web scrape', () => {
  let server: Server;
  let base: string;
  let routes: Record<string, Route>;
  let asked: string[];
  let http: OutboundHttp;
  let processor: WebScrapeProcessor;
  let sink: RecordingSink;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url!);
      (routes[request.url!] ?? status(404))(response, request);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    const config = loadConfig({ SCRAPE_ALLOW_HOSTS: base.slice('http://'.length), OUTBOUND_TIMEOUT_SECONDS: '1' });
    http = new OutboundHttp(config, new BreakerBoard());
    processor = new WebScrapeProcessor(http, config);
    sink = new RecordingSink();
    asked = [];
    routes = {};
  });

  afterEach(async () => {
    http.onApplicationShutdown();
    await processor.onApplicationShutdown();
    server.closeAllConnections();
  });

  afterAll(() => void server.close());

  const run = (
    input: Partial<WebScrapeInput>,
    { signal = new AbortController().signal, restored = null as WebScrapeCheckpoint | null } = {},
  ) => {
    const full = Object.assign(new WebScrapeInput(), { url: `${base}/`, ...input });
    const ids = { jobId: 'a-job', ownerId: 'somebody', attempt: 1, fence: 1 };
    return processor.handle(new JobContext({ ...ids, input: full, signal, restored }, sink));
  };
  const pathsOf = (pages: readonly { url: string }[]) => pages.map(({ url }) => url.slice(base.length));
  const pagesAsked = () => asked.filter((path) => path !== '/robots.txt');

  it('reads one page unless told to follow links', async () => {
    routes['/'] = html('<html lang=en><title>Home</title><h1>Hello</h1><p>four words of text <a href="/next">next</a>');
    const result = await run({});
    expect(result).toMatchObject({
      url: `${base}/`,
      pages: [
        {
          url: `${base}/`,
          final_url: `${base}/`,
          status: 200,
          title: 'Home',
          language: 'en',
          counts: { h1: 1, links: 1, images: 0, words: 6 },
          h1: ['Hello'],
          links: [`${base}/next`],
          text: '## Hello\n\nfour words of text next',
          depth: 0,
          bytes: 93,
          error: null,
        },
      ],
      stats: { pages: 1, failed: 0, words: 6, links: 1, bytes: 93, by_status: { '2xx': 1, none: 0 } },
    });
    expect(pagesAsked()).toEqual(['/']);
    expect(sink.progressed.at(-1)).toEqual({ current: 1, total: 1, message: `${base}/` });
  });

  it('crawls a site breadth first, each URL once, and reports what failed', async () => {
    routes['/robots.txt'] = (response) => response.end('User-agent: *\nDisallow: /secret');
    routes['/'] = links(
      '/a',
      '/b#x',
      '/b',
      '/gone',
      '/secret/plan',
      'https://other.example/',
      '/file',
      '/moved',
      '/loop',
    );
    routes['/a'] = links('/', '/a/deep', 'mailto:x@y.example');
    routes['/a/deep'] = links('/a/deep/er');
    routes['/b'] = html('<p>b');
    routes['/file'] = (response) => response.setHeader('content-type', 'application/pdf').end('%PDF');
    routes['/moved'] = redirect('/target');
    routes['/target'] = links('/a', '/target');
    routes['/loop'] = redirect('/loop');
    const { pages, stats } = await run({ follow_links: true, max_depth: 2 });
    expect(pages.map(({ url, status, depth, error }) => [url.slice(base.length), status, depth, error?.code])).toEqual([
      ['/', 200, 0, undefined],
      ['/a', 200, 1, undefined],
      ['/b', 200, 1, undefined],
      ['/gone', 404, 1, 'http_status'],
      ['/secret/plan', null, 1, 'robots_denied'],
      ['/file', null, 1, 'unsupported_content_type'],
      ['/moved', 200, 1, undefined],
      ['/loop', null, 1, 'too_many_redirects'],
      ['/a/deep', 200, 2, undefined],
    ]);
    expect(pages[6]).toMatchObject({ url: `${base}/moved`, final_url: `${base}/target` });
    expect(asked.filter((path) => path === '/robots.txt').length).toBe(1);
    expect(asked).not.toContain('/secret/plan');
    expect(stats).toMatchObject({ pages: 9, failed: 4, by_status: { '2xx': 5, '4xx': 1, none: 3 } });
    expect(sink.progressed.at(-1)).toMatchObject({ current: 9, total: 9 });
    expect(sink.checkpoints.length).toBe(9);
  });

  it('stops at max_pages and max_depth', async () => {
    for (let page = 0; page < 40; page++) routes[`/${page || ''}`] = links(`/${page + 1}`, `/${page + 2}`);
    expect((await run({ follow_links: true, max_pages: 7, max_depth: 10 })).pages.length).toBe(7);
    expect(pathsOf((await run({ follow_links: true, max_depth: 1 })).pages)).toEqual(['/', '/1', '/2']);
    expect((await run({ follow_links: true, max_depth: 10 })).pages.length).toBe(20);
  });

  it('never visits what the policy refuses, even off the first host', async () => {
    const { port } = new URL(base);
    routes['/'] = links(
      'http://localhost/',
      'http://10.0.0.5/',
      'http://127.0.0.1:1/',
      `http://u:p@127.0.0.1:${port}/`,
    );
    expect((await run({ follow_links: true, same_host: false })).pages.length).toBe(1);
  });

  it('tries again after a transient failure, as late as the server asks', async () => {
    let busy = 2;
    routes['/'] = (response) =>
      busy-- > 0 ? status(503, { 'retry-after': '1' })(response, null!) : html('<title>up</title>')(response, null!);
    const startedAt = performance.now();
    expect((await run({})).pages).toMatchObject([{ title: 'up', status: 200 }]);
    expect(performance.now() - startedAt).toBeGreaterThan(1_900);
    expect(sink.logged.filter((line) => line.startsWith('warn')).length).toBe(2);
  });

  it.each([
    ['http_status', 'PermanentError', status(404)],
    ['unsupported_content_type', 'PermanentError', status(200, { 'content-type': 'video/mp4' })],
    ['too_many_redirects', 'PermanentError', redirect('/')],
    ['url_blocked', 'PermanentError', redirect('http://169.254.169.254/')],
  ])('fails for good when the first page fails with %s', async (code, name, route) => {
    routes['/'] = route;
    await expect(run({})).rejects.toMatchObject({ name, code });
    expect(sink.checkpoints).toEqual([]);
  });

  it('fails for good when robots.txt denies the first page', async () => {
    routes['/robots.txt'] = (response) => response.end('User-agent: LonghaulBot\nDisallow: /');
    await expect(run({})).rejects.toMatchObject({ name: 'PermanentError', code: 'robots_denied' });
    expect(pagesAsked()).toEqual([]);
  });

  it('asks for a later attempt when the first page is down, after the time that the server asks for', async () => {
    routes['/'] = status(503, { 'retry-after': '120' });
    await expect(run({})).rejects.toMatchObject({ name: 'RetryableError', code: 'http_status', after: 120_000 });
    expect(pagesAsked().length).toBe(1);
  });

  it('reports a slow page as timed out and goes on', async () => {
    routes['/'] = links('/slow', '/fine');
    routes['/slow'] = () => undefined;
    routes['/fine'] = html('fine');
    const { pages } = await run({ follow_links: true });
    expect(pages.map(({ error }) => error?.code)).toEqual([undefined, 'fetch_timeout', undefined]);
  }, 15_000);

  it('keeps the crawl delay that robots.txt asks for', async () => {
    routes['/robots.txt'] = (response) => response.end('User-agent: *\nCrawl-delay: 0.4');
    routes['/'] = links('/a', '/b');
    routes['/a'] = routes['/b'] = html('x');
    const startedAt = performance.now();
    await run({ follow_links: true });
    expect(performance.now() - startedAt).toBeGreaterThan(800);
  });

  it('stops at once, in the middle of a page, with the reason of the signal', async () => {
    const reason = new CancelledError('cancelled');
    const caller = new AbortController();
    routes['/'] = links('/hangs');
    routes['/hangs'] = () => caller.abort(reason);
    const startedAt = performance.now();
    await expect(run({ follow_links: true }, { signal: caller.signal })).rejects.toBe(reason);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(sink.checkpoints.length).toBe(1);
  });

  it('goes on from its checkpoint and fetches no finished page again', async () => {
    routes['/'] = links('/a', '/b', '/c', '/d');
    routes['/a'] = links('/a/1', '/');
    for (const path of ['/b', '/c', '/d', '/a/1']) routes[path] = html(path);
    const whole = await run({ follow_links: true });
    const finished = pagesAsked();

    asked = [];
    sink = new RecordingSink();
    const caller = new AbortController();
    sink.onCheckpoint = (count) => count === 3 && caller.abort(new CancelledError('restart'));
    await expect(run({ follow_links: true }, { signal: caller.signal })).rejects.toThrow('restart');
    const resumed = await run({ follow_links: true }, { restored: sink.checkpoints.at(-1)! });

    expect(pagesAsked()).toEqual(finished);
    const untimed = ({ pages }: typeof whole) => pages.map((page) => ({ ...page, duration_ms: 0 }));
    expect(untimed(resumed)).toEqual(untimed(whole));
    expect(sink.logged).toContain('info Going on after page 3');
  });

  it('stays well below the largest result, whatever the pages say', async () => {
    const paths = Array.from({ length: 200 }, (_, index) => `/${'x'.repeat(900)}${index}`);
    const head = `<title>${'ü'.repeat(999)}</title>${`<h1>${'"'.repeat(999)}</h1>`.repeat(20)}`;
    const page = html(
      head +
        `<article>${'<p>Long "text" of the page, which goes on and on, and on.</p>'.repeat(200)}</article>` +
        paths.map((path) => `<a href="${path}">`).join(''),
    );
    for (const path of ['/', ...paths]) routes[path] = page;
    const result = await run({ follow_links: true, max_pages: 200, max_depth: 10 });
    expect(result.pages.length).toBe(200);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(800 * 1024);
    expect(Buffer.byteLength(JSON.stringify(sink.checkpoints.at(-1)))).toBeLessThan(1024 * 1024);
  }, 90_000);
});

describe('the input of a web scrape', () => {
  const problemsOf = (input: object) =>
    validateSync(plainToInstance(WebScrapeInput, input), { whitelist: true, forbidNonWhitelisted: true }).map(
      ({ property }) => property,
    );
  const refused = (url: string) => webScrape.refuse!({ ...new WebScrapeInput(), url }, loadConfig({}));

  it('has defaults, and an example that is valid', () => {
    expect(problemsOf(webScrape.example)).toEqual([]);
    expect(plainToInstance(WebScrapeInput, { url: 'x' }, { exposeDefaultValues: true })).toEqual({
      url: 'x',
      follow_links: false,
      same_host: true,
      max_depth: 3,
    });
  });

  it.each([
    [{}, ['url']],
    [{ url: 7 }, ['url']],
    [{ url: 'data:text/html,x' }, ['url']],
    [{ url: `https://a.example/${'x'.repeat(2048)}` }, ['url']],
    [{ url: 'https://a.example', max_pages: 0 }, ['max_pages']],
    [{ url: 'https://a.example', max_pages: 201 }, ['max_pages']],
    [
      { url: 'https://a.example', max_pages: 1.5, max_depth: 11, follow_links: 'yes' },
      ['follow_links', 'max_pages', 'max_depth'],
    ],
    [{ url: 'https://a.example', extra: 1 }, ['extra']],
  ])('%j is refused at %j', (input, properties) => {
    expect(problemsOf(input).sort()).toEqual([...properties].sort());
  });

  it('is refused at submit when its URL may not be fetched', () => {
    expect(refused('https://example.com')).toEqual([]);
    expect(refused('http://127.0.0.1/')).toEqual([{ pointer: '/url', detail: expect.any(String) as string }]);
  });
});

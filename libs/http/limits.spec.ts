import { Logger } from '@nestjs/common';
import { loadConfig } from '@longhaul/config';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createBrotliCompress, createGzip, gzipSync } from 'node:zlib';
import type { OutboundError } from './outbound-error.js';
import { BreakerBoard } from './breaker-board.js';
import { OutboundHttp } from './outbound-http.js';

const mebibyte = Buffer.alloc(1024 * 1024);
const zeros = (mebibytes: number) => Readable.from(Array<Buffer>(mebibytes).fill(mebibyte));
const endless = () =>
  Readable.from(
    (function* () {
      for (;;) yield mebibyte;
    })(),
  );

beforeAll(() => Logger.overrideLogger(false));

describe('the limits of an exchange', () => {
  let server: Server;
  let base: string;
  let http: OutboundHttp;
  let board: BreakerBoard;
  let route: (request: IncomingMessage, response: ServerResponse) => void;

  beforeAll(async () => {
    server = createServer((request, response) => route(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    const host = base.slice('http://'.length);
    board = new BreakerBoard();
    http = new OutboundHttp(loadConfig({ SCRAPE_ALLOW_HOSTS: host, OUTBOUND_TIMEOUT_SECONDS: '1' }), board);
  });

  afterEach(() => {
    http.onApplicationShutdown();
    server.closeAllConnections();
  });

  afterAll(() => void server.close());

  const get = (path: string, accept?: string[]) => http.get(`${base}${path}`, { robots: false, accept });

  it('reads a compressed body, and says where it came from in the end', async () => {
    route = ({ url }, response) =>
      url === '/old'
        ? response.writeHead(301, { location: '/new?q=1#part' }).end()
        : response
            .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/html; charset=utf-8' })
            .end(gzipSync('<p>grüß</p>'));
    const answer = await get('/old', ['text/html']);
    expect(answer).toMatchObject({ url: `${base}/new?q=1`, status: 200, contentType: 'text/html; charset=utf-8' });
    expect(answer.body.toString()).toBe('<p>grüß</p>');
  });

  it.each([
    ['gzip', createGzip],
    ['br', createBrotliCompress],
  ] as const)('a %s bomb is refused without being unpacked', async (encoding, compressor) => {
    const bomb = await buffer(zeros(200).pipe(compressor()));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    route = (_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(bomb);
    const before = process.memoryUsage().rss;
    await expect(get('/')).rejects.toMatchObject({ code: 'response_too_large', transient: false });
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
  });

  it('a body without end is refused', async () => {
    route = (_request, response) => void endless().pipe(response);
    await expect(get('/')).rejects.toMatchObject({ code: 'response_too_large' });
  });

  it('a body that is declared too large is refused before it is sent', async () => {
    route = (_request, response) => response.writeHead(200, { 'content-length': '99999999999' }).flushHeaders();
    await expect(get('/')).rejects.toMatchObject({ code: 'response_too_large' });
  });

  it('a type that is not read is refused before the body is sent', async () => {
    route = (_request, response) => response.writeHead(200, { 'content-type': 'Video/MP4' }).flushHeaders();
    await expect(get('/', ['text/html'])).rejects.toMatchObject({ code: 'unsupported_content_type', transient: false });
  });

  it('an encoding inside an encoding is refused', async () => {
    route = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip, br' }).end('x');
    await expect(get('/')).rejects.toMatchObject({ code: 'unsupported_content_type' });
  });

  it('huge headers are refused', async () => {
    route = (_request, response) => response.writeHead(200, { 'x-long': 'a'.repeat(100_000) }).end();
    await expect(get('/')).rejects.toMatchObject({ code: 'response_too_large' });
  });

  it('a dripping body meets the time limit of the whole exchange', async () => {
    route = (_request, response) => {
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    };
    await expect(get('/')).rejects.toMatchObject({ code: 'fetch_timeout', transient: true });
  });

  it('a server that never answers meets it too', async () => {
    route = () => undefined;
    await expect(get('/')).rejects.toMatchObject({ code: 'fetch_timeout', transient: true });
  });

  it('endless and circular redirects are not followed for long', async () => {
    let asked = 0;
    route = (_request, response) => response.writeHead(302, { location: `/${++asked}` }).end();
    await expect(get('/')).rejects.toMatchObject({ code: 'too_many_redirects', transient: false });
    expect(asked).toBe(6);
    route = ({ url }, response) => response.writeHead(302, { location: url === '/a' ? '/b' : '/a' }).end();
    await expect(get('/a')).rejects.toMatchObject({ code: 'too_many_redirects' });
  });

  it('a connection that is cut in the body is a network failure', async () => {
    route = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    };
    await expect(get('/')).rejects.toMatchObject({ code: 'network', transient: true });
  });

  it.each([
    [404, {}, false, null],
    [410, {}, false, null],
    [304, {}, false, null],
    [408, {}, true, null],
    [425, {}, true, null],
    [429, { 'retry-after': '7' }, true, 7_000],
    [503, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, true, 0],
    [500, { 'retry-after': 'soon' }, true, null],
  ])('status %i %j: transient %s, wait %s', async (status, headers, transient, retryAfter) => {
    route = (_request, response) => response.writeHead(status, headers).end('why');
    await expect(get('/')).rejects.toMatchObject({ code: 'http_status', status, transient, retryAfter });
  });

  it('the reason of the caller’s signal is thrown at once, in headers and body', async () => {
    for (const started of [false, true]) {
      const reason = new Error('cancelled by somebody');
      const caller = new AbortController();
      route = (_request, response) => {
        if (started) response.write('x');
        setImmediate(() => caller.abort(reason));
      };
      await expect(http.get(base, { robots: false, signal: caller.signal })).rejects.toBe(reason);
      await expect(http.get(base, { signal: caller.signal })).rejects.toBe(reason);
    }
    expect(board.states()).toMatchObject([{ state: 'closed', failures: 0 }]);
  });

  it('says who asks, and sends no more than it must', async () => {
    let headers: IncomingMessage['headers'] = {};
    route = (request, response) => response.end(void (headers = request.headers));
    await get('/', ['text/html']);
    expect(headers['user-agent']).toMatch(/^LonghaulBot\//);
    expect(headers.accept).toBe('text/html');
    expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
  });

  it('a host that keeps failing is left alone, and the breaker shows it', async () => {
    let asked = 0;
    route = (_request, response) => response.writeHead(asked++ < 5 ? 500 : 200).end();
    for (let turn = 0; turn < 5; turn++) await expect(get('/')).rejects.toMatchObject({ code: 'http_status' });
    const refused = (await get('/').catch((error: unknown) => error)) as OutboundError;
    expect(refused).toMatchObject({ code: 'circuit_open', transient: true });
    expect(refused.retryAfter).toBeGreaterThan(50_000);
    expect(asked).toBe(5);
    expect(board.states()).toMatchObject([{ host: base.slice(7), state: 'open', failures: 5 }]);
  });
});

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A site on loopback that does what jobs must survive, and a canary beside it that nobody may ever ask. */
export class HostileSite {
  /** What the canary was asked for. */
  readonly canarySaw: string[] = [];
  /** Bytes of the endless video that were taken. */
  videoBytes = 0;
  private readonly bomb = gzipSync(Buffer.alloc(100_000_000));

  private constructor(
    private readonly servers: Server[],
    /** Answered at /jwks. */
    private readonly jwks: () => object,
  ) {}

  static async start(jwks: () => object): Promise<HostileSite> {
    const servers: Server[] = [];
    const site = new HostileSite(servers, jwks);
    servers.push(
      createServer((request, response) => site.answer(request, response)),
      createServer((request, response) => response.end(void site.canarySaw.push(request.url ?? ''))),
    );
    for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
    return site;
  }

  get port(): number {
    return portOf(this.servers[0]);
  }

  get canaryPort(): number {
    return portOf(this.servers[1]);
  }

  stop(): void {
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site.test');
    const html = (headers: Record<string, string>, body: string | Buffer) =>
      response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(body);
    response.on('error', () => undefined);
    switch (pathname) {
      case '/jwks':
        return void html({ 'content-type': 'application/json' }, JSON.stringify(this.jwks()));
      case '/r':
        return void response
          .writeHead(Number(searchParams.get('c') ?? 302), { location: searchParams.get('to') ?? '' })
          .end();
      case '/loop':
        return void response.writeHead(302, { location: `/loop?${Math.random()}` }).end();
      case '/gz':
        return void html({ 'content-encoding': 'gzip' }, this.bomb);
      case '/video.mp4':
        return this.endlessVideo(response);
      case '/charset':
        return void html(
          { 'content-type': 'text/html; charset=shift_jis' },
          Buffer.concat([Buffer.from('<meta charset=utf-16><title>'), Buffer.from([0xc3, 0x28, 0xff, 0x80, 0x81])]),
        );
      case '/lines':
        return void html(
          {},
          '<title>one\n\nevent: forged\ndata: {"status":"SUCCESS"}\n\n</title><h1>a\r\n\r\nid: 99</h1>',
        );
      default:
        return void response.writeHead(404).end();
    }
  }

  private endlessVideo(response: ServerResponse): void {
    const piece = Buffer.alloc(65_536);
    response.writeHead(200, { 'content-type': 'video/mp4' });
    const more = () => {
      while (!response.destroyed && response.write(piece)) this.videoBytes += piece.length;
    };
    response.on('drain', more);
    more();
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A site on loopback whose pages below /held answer when the test says so; those below /held/gone are not there. */
export class HeldSite {
  private readonly waiting: (() => void)[] = [];
  private allowed = 0;

  private constructor(
    private readonly server: Server,
    private readonly title: string,
    private readonly links: number,
  ) {}

  /** @param title of every page, as it stands in its HTML. @param links from each page to pages that are not there. */
  static async start(title = 'A page', links = 0): Promise<HeldSite> {
    const server = createServer();
    const site = new HeldSite(server, title, links);
    server.on('request', ({ url = '/' }, response) => site.answer(url, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return site;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** Answers the held requests that there are and those to come, or so many of them. */
  release(count = Infinity): void {
    this.allowed += count;
    for (const pass of this.waiting.splice(0, this.allowed)) pass();
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(path: string, response: ServerResponse): void {
    const pass = () => {
      this.allowed -= 1;
      if (path.startsWith('/held/gone')) response.writeHead(404).end();
      else this.show(response);
    };
    if (path === '/') this.show(response);
    else if (!path.startsWith('/held')) response.writeHead(404).end();
    else if (this.allowed > 0) pass();
    else this.waiting.push(pass);
  }

  private show(response: ServerResponse): void {
    const links = Array.from({ length: this.links }, (_, number) => `<a href="/held/gone-${number}.pdf">${number}</a>`);
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<!doctype html><title>${this.title}</title><h1>${this.title}</h1>${links.join(' ')}`);
  }
}

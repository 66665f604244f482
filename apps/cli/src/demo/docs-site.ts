import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { docsPages, type Page } from './docs-pages.js';

const host = '127.0.0.1';
/** Asks for a pause of 0.2 s between requests, as a real site might: the crawl honours it, and one can watch it. */
const robots = 'User-agent: *\nAllow: /\nCrawl-delay: 0.2\n';

/** A web site made of the project's documents, for the demo's crawl. */
export interface Site {
  readonly url: string;
  /** Host and port, as SCRAPE_ALLOW_HOSTS takes them. */
  readonly target: string;
  readonly pages: readonly Page[];
  close(): Promise<void>;
}

export async function startDocsSite(port: number): Promise<Site> {
  const pages = await docsPages();
  const url = `http://${host}:${port}`;
  const answers = new Map(pages.map((page, index) => [page.path, render(page, index, pages, url)]));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', url);
    const html = answers.get(pathname);
    if (pathname === '/robots.txt') send(response, 200, 'text/plain', robots);
    else if (html === undefined) send(response, 404, 'text/plain', 'There is no such page.\n');
    else send(response, 200, 'text/html', html);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `${url}/`, target: `${host}:${port}`, pages, close };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body);
}

function render(page: Page, index: number, pages: readonly Page[], url: string): string {
  const { path, title, document, description, body } = page;
  const neighbours = [
    ['Start', pages[0]],
    ['Previous', pages[index - 1]],
    ['Next', pages[index + 1]],
  ] as const;
  const links = neighbours.flatMap(([word, other]) =>
    other === undefined || other === page ? [] : [`<a href="${other.path}">${word}: ${escape(other.title)}</a>`],
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title === document ? title : `${title} – ${document}`)}</title>
<meta name="description" content="${escape(description)}">
<link rel="canonical" href="${url}${path}">
<style>body{font:1rem/1.5 system-ui;max-width:50rem;margin:2rem auto;padding:0 1rem}pre{overflow:auto;background:#8881;padding:1rem}
nav a{margin-right:1rem}td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}</style>
</head>
<body>
<nav>${links.join('\n')}</nav>
<main>
${body}${index === 0 ? contents(pages) : ''}
</main>
</body>
</html>
`;
}

/** On the first page: links to all the others. */
function contents(pages: readonly Page[]): string {
  const items = pages.slice(1).map(({ path, title, document }) => {
    return `<li><a href="${path}">${escape(title === document ? title : `${document}: ${title}`)}</a></li>`;
  });
  return `<h2>All pages</h2>\n<ul>\n${items.join('\n')}\n</ul>\n`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

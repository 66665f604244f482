import { loadConfig } from '@longhaul/config';
import { createHook } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { guardedLookup } from './guarded-lookup.js';
import { BreakerBoard } from './breaker-board.js';
import { OutboundHttp } from './outbound-http.js';
import { TestDns } from './testing.js';

/** Each is tried as it stands and, where it has no port of its own, with the port that the canary listens on. */
const hostileUrls = [
  'http://127.0.0.1/',
  'http://localhost/',
  'http://localhost./',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0x7f.1/',
  'http://127.1/',
  'http://0177.0.0.1/',
  'http://017700000001/',
  'http://①②⑦.⓪.⓪.①/',
  'http://127.0.0.1.:80/',
  'http://0.0.0.0/',
  'http://0/',
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[64:ff9b:1::7f00:1]/',
  'http://[2002:7f00:1::1]/',
  'http://[2001:0:7f00:1::]/',
  'http://[fe80::1%25eth0]/',
  'http://[fe80::1]/',
  'http://[fc00::1]/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/',
  'http://2852039166/latest/meta-data/',
  'http://168.63.129.16/?comp=goalstate',
  'http://168.63.129.16:32526/vmSettings',
  'http://100.100.100.200/latest/meta-data/',
  'http://10.0.0.5/',
  'http://172.16.0.9/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://198.18.0.1/',
  'http://192.0.2.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://metadata.google.internal/',
  'http://kubernetes.default.svc.cluster.local/',
  'http://redis:6379/',
  'https://10.0.0.5:10250/pods',
  'http://public.test@127.0.0.1/',
  'http://public.test\\@127.0.0.1/',
  'http://127.0.0.1#@public.test/',
  'http://127.0.0.1\t/',
  'data:text/html,<h1>x</h1>',
  'gopher://127.0.0.1:6379/_INFO',
  'ftp://127.0.0.1/',
  'file:///etc/passwd',
  'http://unix:/var/run/docker.sock:/info',
  'http://loopback.test/',
  'http://mapped.test/',
  'http://loopback6.test/',
  'http://mixed.test/',
  'http://wireserver.test/',
  'http://imds.test/',
  'http://private.test/',
];

const names = {
  'loopback.test': [['127.0.0.1']],
  'loopback6.test': [['::1']],
  'mapped.test': [['::ffff:127.0.0.1']],
  'mixed.test': [['93.184.215.14', '127.0.0.1']],
  'wireserver.test': [['168.63.129.16']],
  'imds.test': [['169.254.169.254']],
  'private.test': [['10.0.0.5']],
  'rebinding.test': [['93.184.215.14'], ['127.0.0.1']],
  'site.test': [['127.0.0.1'], ['127.0.0.1'], ['169.254.169.254']],
  'single.test': [['127.0.0.1']],
  'once.test': [['127.0.0.1'], ['127.0.0.2']],
};

describe('hostile URLs', () => {
  let dns: TestDns;
  let canaries: Server[];
  let canaryPort: number;
  let canarySaw: string[];
  let site: Server;
  let sitePort: number;
  let http: OutboundHttp;
  let connects = 0;
  const watch = createHook({ init: (_id, type) => void (type === 'TCPCONNECTWRAP' && connects++) });

  beforeAll(async () => {
    dns = await TestDns.start(names);
    canarySaw = [];
    const canary = () => createServer((request, response) => response.end(void canarySaw.push(request.url ?? '')));
    canaries = [canary()];
    canaryPort = await listen(canaries[0], '127.0.0.1');
    const canary6 = canary();
    await listen(canary6, '::1', canaryPort).then(
      () => canaries.push(canary6),
      () => undefined,
    );
    site = createServer((request, response) => {
      const query = new URL(request.url ?? '/', 'http://site.test').searchParams;
      response.setHeader('connection', 'close');
      if (query.has('to')) response.writeHead(Number(query.get('c')), { location: query.get('to') ?? '' });
      response.end('fine');
    });
    sitePort = await listen(site, '127.0.0.1');
  });

  beforeEach(() => {
    http = new OutboundHttp(
      loadConfig({
        OUTBOUND_DNS_SERVERS: dns.server,
        OUTBOUND_PORTS: `80,443,${canaryPort}`,
        SCRAPE_ALLOW_HOSTS: `site.test:${sitePort},single.test:${sitePort},once.test:${sitePort},127.0.0.1:${sitePort},imds.test`,
      }),
      new BreakerBoard(),
    );
    connects = 0;
    watch.enable();
  });

  afterEach(() => {
    watch.disable();
    http.onApplicationShutdown();
    expect(canarySaw).toEqual([]);
  });

  afterAll(async () => {
    await dns.stop();
    for (const server of [site, ...canaries]) {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each(hostileUrls)('%j is refused before any connection, and the text tells no address', async (url) => {
    const withPort = url.replace(/^(http:\/\/(?:[^/:@[\]]+|\[[^\]]+\]))\//, `$1:${canaryPort}/`);
    for (const variant of new Set([url, withPort])) {
      const error: unknown = await http.get(variant, { robots: false }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'url_blocked', transient: false });
      expect((error as Error).message).not.toMatch(/\d+\.\d+\.\d+\.\d+|::|169|168/);
    }
    expect(connects).toBe(0);
  });

  it('asks no robots.txt of a hostile target either', async () => {
    await expect(http.get(`http://loopback.test:${canaryPort}/`)).rejects.toMatchObject({ code: 'url_blocked' });
    await expect(http.crawlDelay(`http://127.0.0.1:${canaryPort}/`)).rejects.toMatchObject({ code: 'url_blocked' });
    expect(connects).toBe(0);
  });

  it.each([301, 302, 303, 307, 308])('a redirect with %i is checked like a first request', async (status) => {
    const targets = [
      'http://127.0.0.1/',
      'https://127.0.0.1/',
      'http://10.0.0.5/',
      'http://[::1]/',
      '//169.254.169.254/',
    ];
    const more = ['data:text/html,x', 'file:///etc/passwd', 'http://loopback.test/', `http://127.0.0.1:${canaryPort}/`];
    for (const to of [...targets, ...more, 'http://u:p@single.test/', 'http://', 'gopher://127.0.0.1/']) {
      const url = `http://single.test:${sitePort}/r?c=${status}&to=${encodeURIComponent(to)}`;
      await expect(http.get(url, { robots: false })).rejects.toMatchObject({ code: 'url_blocked' });
    }
  });

  it('a name that answers with another address the second time is checked both times', async () => {
    const lookup = guardedLookup([dns.server], false);
    const resolve = () =>
      new Promise((done) => lookup('rebinding.test', { all: true }, (error, found) => done(error?.code ?? found)));
    expect(await resolve()).toEqual([{ address: '93.184.215.14', family: 4 }]);
    expect(await resolve()).toBe('ERR_ADDRESS_BLOCKED');
  });

  it('connects to the address that was checked, without asking for it again', async () => {
    await http.get(`http://once.test:${sitePort}/`, { robots: false });
    expect(dns.questions.filter((question) => question.endsWith(' once.test')).sort()).toEqual([
      'A once.test',
      'AAAA once.test',
    ]);
    expect(connects).toBe(1);
  });

  it('an allow-listed name that turns into a metadata address is refused', async () => {
    const url = `http://site.test:${sitePort}/`;
    expect((await http.get(url)).body.toString()).toBe('fine');
    await expect(http.get(url)).rejects.toMatchObject({ code: 'url_blocked' });
  });

  it('the text of a failed connection tells no address', async () => {
    const closed = createServer();
    const port = await listen(closed, '127.0.0.1');
    closed.close();
    await once(closed, 'close');
    const allowing = new OutboundHttp(
      loadConfig({ OUTBOUND_DNS_SERVERS: dns.server, SCRAPE_ALLOW_HOSTS: `single.test:${port}` }),
      new BreakerBoard(),
    );
    const error: unknown = await allowing
      .get(`http://single.test:${port}/`, { robots: false })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'network', transient: true, message: 'The host refused the connection.' });
    expect(JSON.stringify(error)).not.toContain('127.0.0.1');
    allowing.onApplicationShutdown();
  });

  it('a name that does not exist is a network failure', async () => {
    await expect(http.get('http://nowhere.test/')).rejects.toMatchObject({ code: 'network', transient: true });
  });
});

async function listen(server: Server, host: string, port = 0): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

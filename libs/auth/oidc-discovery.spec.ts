import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadConfig } from '@longhaul/config';
import { OidcDiscovery, originOf } from './oidc-discovery.js';

let server: Server;
let issuer: string;
let answer: RequestListener;
let asked: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = 0;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const says =
  (metadata: object): RequestListener =>
  (_request, response) =>
    response.end(JSON.stringify({ issuer, ...metadata }));
const discoveryOf = (of = issuer) =>
  new OidcDiscovery(loadConfig({ AUTH_LOCAL: 'false', OIDC_ISSUER: of, OIDC_AUDIENCE: 'api' }));

describe('the origins that a browser calls to sign in', () => {
  it.each<[string, unknown, string[]]>([
    ['of its own', () => `${issuer}/token`, []],
    ['elsewhere', () => 'https://tokens.example.org:8443/oauth2/token', ['https://tokens.example.org:8443']],
    ['that is no address of the web', () => 'data:text/plain,token', []],
    ['that is no address', () => "x; script-src 'unsafe-inline'", []],
    ['that is no text', () => 7, []],
    ['that is missing', () => undefined, []],
  ])('are its issuer’s, and that of a token endpoint %s', async (_what, endpoint, more) => {
    answer = says({ token_endpoint: (endpoint as () => unknown)() });
    expect(await discoveryOf().browserOrigins()).toEqual([issuer, ...more]);
  });

  it('are asked for once by many pages, and known from then on', async () => {
    answer = says({ token_endpoint: 'https://tokens.example.org/token' });
    const discovery = discoveryOf();
    const all = await Promise.all(Array.from({ length: 5 }, () => discovery.browserOrigins()));
    answer = (_request, response) => response.writeHead(500).end();
    for (const origins of [...all, await discovery.browserOrigins()])
      expect(origins).toEqual([issuer, 'https://tokens.example.org']);
    expect(asked).toBe(1);
  });

  it.each<[string, RequestListener]>([
    ['is away', (request) => request.socket.destroy()],
    ['fails', (_request, response) => response.writeHead(503).end()],
    ['speaks for another', says({ issuer: 'https://other.example', token_endpoint: 'https://other.example/token' })],
    ['sends on', (_request, response) => response.writeHead(302, { location: 'https://other.example/' }).end()],
    ['says nothing that can be read', (_request, response) => response.end('[')],
  ])('are its issuer’s alone when the provider %s, which is not asked again at once', async (_what, listener) => {
    answer = listener;
    const discovery = discoveryOf();
    for (let n = 0; n < 3; n += 1) expect(await discovery.browserOrigins()).toEqual([issuer]);
    expect(asked).toBe(1);
  });

  it('hold no page back for long when the provider is silent, and are known once it speaks', async () => {
    let speak: () => void = () => undefined;
    const silence = new Promise<void>((resolve) => (speak = resolve));
    const tell = says({ token_endpoint: 'https://tokens.example.org/token' });
    answer = (request, response) => void silence.then(() => tell(request, response));
    const discovery = discoveryOf();
    const before = performance.now();
    expect(await discovery.browserOrigins()).toEqual([issuer]);
    expect(performance.now() - before).toBeLessThan(4_000);
    speak();
    expect(await discovery.browserOrigins()).toEqual([issuer, 'https://tokens.example.org']);
    expect(asked).toBe(1);
  });
});

it.each([
  ['http://login.example.org/token', false, 'http://login.example.org'],
  ['http://login.example.org/token', true, null],
  ['https://login.example.org/token', true, 'https://login.example.org'],
])('the origin of %s, where the issuer has TLS: %s, is %s', (endpoint, isSecure, expected) => {
  expect(originOf(endpoint, isSecure)).toBe(expected);
});

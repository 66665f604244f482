import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { takeSocket } from './take-socket.js';

const head = { 'content-type': 'text/plain', connection: 'close' };

describe('a socket taken from the HTTP server', () => {
  let server: Server | undefined;
  let client: Socket | undefined;

  async function open(answer: RequestListener, requests: string): Promise<Socket> {
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
    client.on('error', () => undefined).write(requests);
    return client;
  }

  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`;

  async function textUntil(socket: Socket, end: string): Promise<string> {
    let text = '';
    for await (const part of socket.iterator({ destroyOnReturn: false })) {
      text += String(part);
      if (text.includes(end)) return text;
    }
    throw new Error(`The connection has ended after: ${text}`);
  }

  afterEach(async () => {
    client?.destroy();
    if (server !== undefined) await new Promise((closed) => server?.close(closed));
  });

  it('carries what is written to it, and hears that the client leaves', async () => {
    const taken = Promise.withResolvers<Socket | null>();
    const stream = await open((request, response) => {
      taken.resolve(takeSocket(request, response, () => response.writeHead(200, head).flushHeaders()));
    }, get('/'));
    const socket = await taken.promise;
    socket?.write('5\r\nhello\r\n');
    expect(await textUntil(stream, 'hello\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n5\r\nhello\r\n$/s);
    const left = once(socket?.resume() as Socket, 'end');
    stream.end();
    await left;
    socket?.destroy();
  });

  it('is not held by the server any more: later bytes are no request', async () => {
    const paths: string[] = [];
    const taken = Promise.withResolvers<Socket | null>();
    const stream = await open((request, response) => {
      paths.push(request.url ?? '');
      taken.resolve(takeSocket(request, response, () => response.writeHead(200, head).flushHeaders()));
    }, get('/first'));
    const socket = (await taken.promise) as Socket;
    stream.write(get('/second'));
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(String(bytes)).toBe(get('/second'));
    expect(paths).toEqual(['/first']);
    socket.destroy();
  });

  it('comes behind the answers to earlier requests on the connection', async () => {
    const stream = await open(
      (request, response) => {
        if (request.url === '/slow') setImmediate(() => setImmediate(() => response.end('slow answer')));
        else {
          void takeSocket(request, response, () => response.writeHead(200, head).flushHeaders()).then((socket) =>
            socket?.end('6\r\nstream\r\n0\r\n\r\n'),
          );
        }
      },
      get('/slow') + get('/stream'),
    );
    const text = await textUntil(stream, '0\r\n\r\n');
    expect(text.indexOf('slow answer')).toBeGreaterThan(0);
    expect(text.indexOf('stream')).toBeGreaterThan(text.indexOf('slow answer'));
  });

  it('is none when the client has left, and no head is written', async () => {
    const arrived = Promise.withResolvers<() => Promise<Socket | null>>();
    let begun = false;
    const stream = await open((request, response) => {
      const gone = once(request.socket, 'close');
      const take = () => takeSocket(request, response, () => void (begun = true));
      arrived.resolve(() => gone.then(take));
    }, get('/'));
    const take = await arrived.promise;
    stream.destroy();
    expect([await take(), begun]).toEqual([null, false]);
  });

  it('is closed when another request came right behind: nobody would answer it', async () => {
    const closed = Promise.withResolvers<void>();
    let first = true;
    await open(
      (request, response) => {
        if (!first) return;
        first = false;
        void takeSocket(request, response, () => response.writeHead(200, head).flushHeaders()).then((socket) =>
          socket?.on('error', () => undefined).on('close', closed.resolve),
        );
      },
      get('/first') + get('/second'),
    );
    await closed.promise;
  });
});

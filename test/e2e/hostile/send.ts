import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Milliseconds from the first byte sent to the last one received. */
  readonly took: number;
}

export interface RawRequest {
  readonly method: string;
  /** Sent as it stands: no client tidies it up. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Sends what `fetch` would refuse to: any Host header, any path, a body with GET. */
export function send(url: string, { method, path, headers, body }: RawRequest): Promise<RawAnswer> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request({ hostname, port, method, path, headers: { ...headers, ...length }, agent: false });
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
          took: performance.now() - began,
        }),
      );
    });
    // A server that refuses early may cut what it does not read: an error counts only if no answer came before it.
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/**
 * Writes pieces of text to a bare connection, `pauseMs` apart, until it answers or they run out.
 * @returns the first answer.
 */
export async function sendText(url: string, pieces: Iterable<string>, pauseMs = 0): Promise<RawAnswer> {
  const began = performance.now();
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (isWhole(text)) socket.destroy();
  });
  socket.on('error', () => undefined);
  // A server that cuts what it does not read may do so with a reset: that is an end, and what came before it counts.
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await once(socket, 'connect');
  for (const piece of pieces) {
    if (text !== '' || socket.destroyed) break;
    socket.write(piece);
    if (pauseMs > 0) await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, pauseMs))]);
  }
  await closed;
  const [head = '', body = ''] = text.split('\r\n\r\n', 2);
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':', 1)[0].toLowerCase(), line.replace(/^.*?: */, '')]),
  );
  return { status: Number(statusLine.split(' ')[1] ?? 0), headers, text: body, took: performance.now() - began };
}

/** An answer that keeps the connection open says how long it is. */
function isWhole(text: string): boolean {
  const [head = '', body] = text.split('\r\n\r\n', 2);
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  return body !== undefined && length !== undefined && Buffer.byteLength(body) >= Number(length);
}

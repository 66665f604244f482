// Thousands of SSE clients in one process: bare sockets, and no more of HTTP than it takes to read the streams of this server.
import { connect, type Socket } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { obey, tell } from '../stage/told.js';
import type { SseLoad, SseResult } from './sse-load.js';

/** Connections that are being opened at once. */
const opening = 64;
const now = (): number => performance.timeOrigin + performance.now();

obey({
  open: async ({ load }: { load: SseLoad }) => {
    const latency = createHistogram();
    const streams: Promise<void>[] = [];
    let next = 0;
    const openSome = async () => {
      while (next < load.clients) {
        const { path, token } = load.streams[next % load.streams.length];
        next += 1;
        const { opened, ended } = open(load.port, path, token, (ms) =>
          latency.record(Math.max(1, Math.round(ms * 1000))),
        );
        streams.push(ended);
        // Whoever waits for the ends hears of it later.
        ended.catch(() => undefined);
        await opened;
      }
    };
    await Promise.all(Array.from({ length: opening }, openSome));
    tell({ event: 'opened' });
    await Promise.all(streams);
    const ms = (microseconds: number) => microseconds / 1000;
    const result: SseResult = {
      ticks: latency.count,
      p50: ms(latency.percentile(50)),
      p99: ms(latency.percentile(99)),
      max: ms(latency.max),
    };
    tell({ event: 'ended', result });
  },
});

/** @param onTick hears of each tick with the milliseconds that it took. */
function open(port: number, path: string, token: string, onTick: (ms: number) => void) {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const fail = (error: Error) => {
    opened.reject(error);
    ended.reject(error);
  };
  socket.on('error', fail);
  socket.on('close', () => ended.resolve());
  read(socket, (block) => {
    if (block.startsWith('HTTP/')) {
      if (!block.startsWith('HTTP/1.1 200 ')) fail(new Error(`GET ${path}: ${block.slice(0, 80)}`));
      return;
    }
    // The snapshot: from here on events come by themselves.
    if (block.includes('"type":"snapshot"')) opened.resolve();
    else if (block.includes('"type":"log"')) onTick(now() - timeOf(block));
    // The connection would stay for a next request.
    else if (block.includes('"status":"SUCCESS"')) socket.end();
  });
  return { opened: opened.promise, ended: ended.promise };
}

/** Gives what stands between blank lines; lengths of HTTP chunks may stand in front of it. */
function read(socket: Socket, onBlock: (block: string) => void): void {
  let rest = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    const blocks = (rest + text).split(/\r\n\r\n|\n\n/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) onBlock(block);
  });
}

function timeOf(block: string): number {
  return Date.parse(/"timestamp":"([^"]+)"/.exec(block)?.[1] ?? '');
}

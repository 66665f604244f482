// Thousands of SSE clients in one process.
import { createHistogram } from 'node:perf_hooks';
import { obey, tell } from '../stage/told.js';
import { readStream } from './sse-client.js';
import type { SseLoad, SseResult } from './sse-load.js';

/** Connections that are being opened at once. */
const opening = 64;

obey({
  open: async ({ load }: { load: SseLoad }) => {
    const latency = createHistogram();
    const streams: Promise<void>[] = [];
    let next = 0;
    const openSome = async () => {
      while (next < load.clients) {
        const { path, token } = load.streams[next % load.streams.length];
        next += 1;
        const { opened, ended } = readStream(load.port, path, token, (ms) =>
          latency.record(Math.max(1, Math.round(ms * 1000))),
        );
        streams.push(ended);
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

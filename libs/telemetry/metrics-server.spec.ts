import { setTimeout as pause } from 'node:timers/promises';
import { loadConfig } from '@longhaul/config';
import { freePort } from '../../test/support/free-port.js';
import { gauge, startCounting, stopCounting } from './instruments.js';
import { MetricsServer } from './metrics-server.js';

test('a source that never answers takes nothing from the others, and an idle process is not late', async () => {
  await startCounting('api');
  const port = await freePort();
  const server = new MetricsServer(loadConfig({ NODE_ENV: 'test', METRICS_PORT: String(port) }), {
    stuck: { read: () => new Promise(() => undefined), gauges: ['longhaul_failed_jobs'] },
    streams: { read: () => gauge('longhaul_sse_clients', [[{}, 7]]) },
  });
  gauge('longhaul_failed_jobs', [[{ kind: 'old' }, 3]]);
  await server.onApplicationBootstrap();
  await pause(500);
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(8_000) })).text();
  await server.onApplicationShutdown();
  stopCounting();
  expect(text).toContain('longhaul_sse_clients 7');
  expect(text).toContain('longhaul_scrape_errors_total{source="stuck"} 1');
  expect(text).not.toContain('longhaul_failed_jobs{');
  const [, median] = /^longhaul_event_loop_lag_seconds\{quantile="0.5"\} (\S+)$/m.exec(text) ?? [];
  expect(Number(median)).toBeLessThan(0.015);
});

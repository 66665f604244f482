import type { Config } from '@longhaul/config';
import { startCounting, startForwarding } from './instruments.js';

/**
 * Starts what the settings ask for; without settings nothing of it is even loaded. Call it before anything else.
 * @returns what sends the rest, and ends it.
 */
export async function startTelemetry(config: Config, app: 'api' | 'worker'): Promise<() => Promise<void>> {
  if (config.METRICS_PORT > 0) {
    if (config.WORKER_LANE === 'main') await startCounting(app);
    // A process of the isolation lane has the settings of its worker, and so its port: it tells that one.
    else startForwarding((measurement) => process.send?.(measurement, undefined, undefined, () => undefined));
  }
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT === '') return () => Promise.resolve();
  const { startTracing } = await import('./start-tracing.js');
  return startTracing(config, app);
}

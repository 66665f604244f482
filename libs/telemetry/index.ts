export { every } from './every.js';
export { count, gauge, isCounting, observe, startCounting, stopCounting, total } from './instruments.js';
export { LoggerModule } from './logger.module.js';
export { METRIC_SOURCES, MetricsServer, type MetricSources } from './metrics-server.js';
export { metrics, type Metric, type MetricName } from './metrics.js';
export { startTelemetry } from './start.js';

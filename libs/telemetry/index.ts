export { every } from './every.js';
export {
  count,
  countForwarded,
  exposition,
  gauge,
  isCounting,
  observe,
  startCounting,
  startForwarding,
  stopCounting,
  total,
} from './instruments.js';
export { currentLogFields, withLogFields, type LogFields } from './log-fields.js';
export { LoggerModule } from './logger.module.js';
export { METRIC_SOURCES, MetricsServer, type MetricSources } from './metrics-server.js';
export { metrics, type Metric, type MetricName } from './metrics.js';
export { thisCaller, workFor, type Caller } from './shared-work.js';
export { withSpanId } from './span-ids.js';
export { startTelemetry } from './start.js';
export { sayWhatEndsIt } from './unexpected-end.js';
export {
  contextOf,
  inChildSpan,
  inSpan,
  isTracing,
  markFailed,
  startSpan,
  traceIdOf,
  traceparentOf,
} from './tracing.js';

import { metrics, type Metric } from '@longhaul/telemetry';
import { code, generated, table } from './markdown.js';

/** Every metric with its labels and its meaning. */
export function metricsPage(): string {
  return `${generated}

# Metrics

What \`GET /metrics\` answers on \`METRICS_PORT\`, in Prometheus' text format. Times are seconds, sizes bytes. No label is taken
from what a client sends: \`kind\` is a [task type](kinds.md), \`route\` a pattern. [Observability](../observability.md) says how
to use them, and [the runbook](../runbook.md) what to do when an alert rings.

${table(
  ['metric', 'type', 'labels', 'of', 'meaning'],
  Object.entries<Metric>(metrics).map(([name, { type, labels, of, help }]) => [
    code(name),
    type,
    labels.map(code).join(', '),
    of.join(', '),
    help,
  ]),
)}
`;
}

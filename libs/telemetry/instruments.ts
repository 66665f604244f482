import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  metrics,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  type Metric,
} from './metrics.js';

interface Instruments {
  readonly registry: Registry;
  readonly byName: ReadonlyMap<string, Counter | Gauge | Histogram>;
}

/** What {@link count} or {@link observe} was told, on its way to the process that is asked for the numbers. */
export interface Measurement {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

let forward: ((measurement: Measurement) => void) | null = null;

/** Those of this process; null while nobody can ask for them, and then nothing is counted. */
let instruments: Instruments | null = null;

/**
 * From now on this process counts. prom-client and not the metrics of the OpenTelemetry SDK, which sort and join their
 * attributes at each call, and push or bring a server of their own. Without METRICS_PORT it is not loaded.
 */
export async function startCounting(app: 'api' | 'worker'): Promise<void> {
  if (instruments !== null) return;
  const client = await import('prom-client');
  const registry = new client.Registry();
  const byName = new Map<string, Counter | Gauge | Histogram>(
    Object.entries<Metric>(metrics)
      .filter(([, { of }]) => of.includes(app))
      .map(([name, { type, help, labels, buckets }]): [string, Counter | Gauge | Histogram] => {
        const options = { name, help, labelNames: [...labels], registers: [registry] };
        if (type === 'counter') return [name, new client.Counter(options)];
        if (type === 'gauge') return [name, new client.Gauge(options)];
        return [name, new client.Histogram({ ...options, buckets: [...(buckets ?? [])] })];
      }),
  );
  instruments = { registry, byName };
}

/** From now on others are told what this process would count. */
export function startForwarding(send: (measurement: Measurement) => void): void {
  forward = send;
}

/** Counts what a process of the isolation lane forwards; whatever else it sends is left alone. */
export function countForwarded(message: unknown): void {
  if (typeof message !== 'object' || message === null || !('metric' in message)) return;
  const { metric, labels, value } = message as Measurement;
  const found = instruments?.byName.get(metric);
  if (found === undefined) return;
  if ('observe' in found) found.observe(labels, value);
  else if (!('set' in found)) found.inc(labels, value);
}

/** Ends it: for tests that share a process. */
export function stopCounting(): void {
  instruments = null;
}

/** Whether anybody can ask for the numbers. */
export function isCounting(): boolean {
  return instruments !== null;
}

/** Adds to a counter. */
export function count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by = 1): void {
  forward?.({ metric: name, labels, value: by });
  if (instruments !== null) (instruments.byName.get(name) as Counter | undefined)?.inc(labels, by);
}

/** Adds one measurement to a histogram. */
export function observe<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>, value: number): void {
  forward?.({ metric: name, labels, value });
  if (instruments !== null) (instruments.byName.get(name) as Histogram | undefined)?.observe(labels, value);
}

/** Replaces all values of a gauge. */
export function gauge<Name extends GaugeName>(
  name: Name,
  values: readonly (readonly [LabelsOf<Name>, number])[],
): void {
  const found = instruments?.byName.get(name) as Gauge | undefined;
  found?.reset();
  for (const [labels, value] of values) found?.set(labels, value);
}

/** Replaces all values of a counter by totals that are counted elsewhere. */
export function total<Name extends CounterName>(
  name: Name,
  values: readonly (readonly [LabelsOf<Name>, number])[],
): void {
  const found = instruments?.byName.get(name) as Counter | undefined;
  found?.reset();
  for (const [labels, value] of values) found?.inc(labels, value);
}

/** All metrics in Prometheus' text format, with its media type. */
export async function exposition(): Promise<{ readonly type: string; readonly text: string }> {
  if (instruments === null) throw new Error('Nothing is counted.');
  return { type: instruments.registry.contentType, text: await instruments.registry.metrics() };
}

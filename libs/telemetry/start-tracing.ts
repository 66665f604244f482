import { hostname } from 'node:os';
import { context, diag, DiagLogLevel, trace } from '@opentelemetry/api';
import type { Sampler } from '@opentelemetry/sdk-trace';
import type { Config } from '@longhaul/config';
import { spanIds } from './span-ids.js';
import { setTracing } from './tracing.js';

/** How long the last ones may take when the process ends. */
const lastSendMs = 3_000;

type Sdk = typeof import('@opentelemetry/sdk-trace');

/**
 * Starts OpenTelemetry's SDK, which sends spans to OTEL_EXPORTER_OTLP_ENDPOINT. The exporter reads the other standard
 * variables (headers, certificates, timeouts) itself. Spans are made in our own code: the apps run bundled, where
 * instrumentation that hooks into packages sees none of them.
 * @returns what sends the rest and ends it; never fails.
 */
export async function startTracing(config: Config, app: 'api' | 'worker'): Promise<() => Promise<void>> {
  const [sdk, { resourceFromAttributes }, { AsyncLocalStorageContextManager }, { OTLPTraceExporter }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/context-async-hooks'),
      config.OTEL_EXPORTER_OTLP_PROTOCOL === 'http/json'
        ? import('@opentelemetry/exporter-trace-otlp-http')
        : import('@opentelemetry/exporter-trace-otlp-proto'),
    ]);
  // A collector that is down is no reason for a stack trace at every turn.
  diag.setLogger(quietDiag, DiagLogLevel.ERROR);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.name': `longhaul-${app}`,
      // In a container every process has the same id.
      'host.name': hostname(),
      'process.pid': process.pid,
      ...attributesOf(config.OTEL_RESOURCE_ATTRIBUTES),
      ...(config.OTEL_SERVICE_NAME !== '' && { 'service.name': config.OTEL_SERVICE_NAME }),
    }),
    sampler: samplerOf(sdk, config),
    idGenerator: spanIds,
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: new OTLPTraceExporter(),
        scheduledDelayMillis: config.OTEL_BSP_SCHEDULE_DELAY,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  setTracing(true);
  return async () => {
    const tooLate = new Promise((resolve) => setTimeout(resolve, lastSendMs).unref());
    await Promise.race([provider.shutdown().catch(() => undefined), tooLate]);
    setTracing(false);
  };
}

/** By the standard names of OTEL_TRACES_SAMPLER. */
function samplerOf(sdk: Sdk, { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio }: Config): Sampler {
  const [, rule = ''] = /^(?:parentbased_)?(.*)$/.exec(name) ?? [];
  const root =
    rule === 'always_off'
      ? new sdk.AlwaysOffSampler()
      : rule === 'traceidratio'
        ? new sdk.TraceIdRatioBasedSampler(ratio)
        : new sdk.AlwaysOnSampler();
  return name.startsWith('parentbased_') ? new sdk.ParentBasedSampler({ root }) : root;
}

/** `name=value` pairs, as OTEL_RESOURCE_ATTRIBUTES has them. */
function attributesOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[pair.slice(0, at), pair.slice(at + 1)]];
    }),
  );
}

let saidAt = Number.NEGATIVE_INFINITY;
/** One line a minute; the message of an exporter is a JSON of its error, and may repeat an address, never a header. */
const say = (message: string): void => {
  if (performance.now() - saidAt < 60_000) return;
  saidAt = performance.now();
  const line = { level: 'warn', time: new Date().toISOString(), context: 'Tracing', msg: `Spans not sent: ${message}` };
  process.stderr.write(`${JSON.stringify(line).slice(0, 600)}\n`);
};
const ignore = (): void => undefined;
const quietDiag = { error: say, warn: ignore, info: ignore, debug: ignore, verbose: ignore };

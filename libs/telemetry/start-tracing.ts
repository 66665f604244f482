import { hostname } from 'node:os';
import { context, diag, DiagLogLevel, trace, type Attributes } from '@opentelemetry/api';
import type { ReadableSpan, Sampler, SpanProcessor } from '@opentelemetry/sdk-trace';
import { secretValues, type Config } from '@longhaul/config';
import { keepSecret, withoutSecrets } from './secrets.js';
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
  keepSecret(secretValues(config));
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
      secretFilter,
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

/** Spans of packages and decorators bear errors as they are: what ends here has no secret any more. Before the exporter's. */
export const secretFilter: SpanProcessor = {
  onStart: () => undefined,
  onEnd: ({ attributes, events, status }: ReadableSpan) => {
    clean(attributes);
    events.forEach((event) => clean(event.attributes ?? {}));
    if (status.message !== undefined) status.message = withoutSecrets(status.message);
  },
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

function clean(attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') attributes[name] = withoutSecrets(value);
  }
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

/** `name=value` pairs, as OTEL_RESOURCE_ATTRIBUTES has them: what stands for itself in no pair is percent-encoded. */
export function attributesOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[decoded(pair.slice(0, at).trim()), decoded(pair.slice(at + 1).trim())]];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

let saidAt = Number.NEGATIVE_INFINITY;
/** One line a minute; the message of an exporter is a JSON of its error, and may repeat an address. */
const say = (message: string): void => {
  if (performance.now() - saidAt < 60_000) return;
  saidAt = performance.now();
  const line = {
    level: 'warn',
    time: new Date().toISOString(),
    context: 'Tracing',
    msg: withoutSecrets(`Spans not sent: ${message}`).slice(0, 500),
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
};
const ignore = (): void => undefined;
const quietDiag = { error: say, warn: ignore, info: ignore, debug: ignore, verbose: ignore };

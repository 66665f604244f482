import { count, inChildSpan, observe } from '@longhaul/telemetry';
import { freePort } from '../../support/free-port.js';
import type { Environment } from '../../faults/stage/app.js';
import type { Benchmark } from '../benchmark.js';
import { Load } from '../load/load.js';
import type { Contender } from '../measures.js';
import type { Stage } from '../stage/stage.js';
import { throughLonghaul } from './noop.js';

export const telemetry: Benchmark = {
  name: 'telemetry',
  title: 'What telemetry costs: jobs that end at once, as in noop, with nothing switched on, with metrics, with traces',
  backends: ['redis', 'postgres'],
  run: async (stage) => {
    await stage.compare('switched off, one call', switchedOff);
    const load = await Load.start(stage);
    await stage.compare('submit and run together', [
      await throughLonghaul(stage, load, { name: 'nothing on' }),
      await observed(stage, load, 'metrics', () => ({})),
      await observed(stage, load, 'metrics, a tenth of the traces', (endpoint) => ({
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.1',
      })),
      await observed(stage, load, 'metrics, all traces', (endpoint) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })),
    ]);
  },
};

/** What stands in the way of every job when nobody wants to know: in this process, where nothing is switched on. */
const switchedOff: readonly Contender[] = [
  single('a span', () => inChildSpan('job', {}, nothing)),
  single('no span', nothing),
  single('a counter', () => count('longhaul_jobs_submitted_total', { kind: 'noop' })),
  single('a duration', () => observe('longhaul_attempt_duration_seconds', { kind: 'noop' }, 1)),
];

function nothing(): Promise<void> {
  return Promise.resolve();
}

function single(name: string, call: () => unknown): Contender {
  return {
    name,
    round: async () => {
      const calls = 2_000_000;
      const before = process.cpuUsage();
      for (let done = 0; done < calls; done += 1) await call();
      const { user, system } = process.cpuUsage(before);
      return { values: { cpu_ns: ((user + system) * 1_000) / calls }, cpu: {} };
    },
  };
}

/** @param tracing settings by the address of a collector. */
async function observed(
  stage: Stage,
  load: Load,
  name: string,
  tracing: (endpoint: string) => Environment,
): Promise<Contender> {
  const [api, worker] = [await freePort(), await freePort()].map(String);
  const collector = await stage.start({
    name: 'collector',
    script: 'test/bench/peers/collector.ts',
    arguments: [api, worker].map((port) => `http://127.0.0.1:${port}/metrics`),
  });
  const settings = { METRICS_PORT: api, ...tracing(collector.said) };
  return throughLonghaul(stage, load, { name, settings, workerSettings: { METRICS_PORT: worker } });
}

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { countForwarded, exposition, startCounting, stopCounting } from './instruments.js';

const loader = resolve(import.meta.dirname, '../../test/support/run-typescript.mjs');
const moduleOf = (name: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, name)).href);

it('what a process of the isolation lane counts is counted by the one that started it, also when it is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-lane-'));
  const program = join(folder, 'lane.mjs');
  await writeFile(
    program,
    `import { count, observe } from ${moduleOf('instruments.ts')};
     import { startTelemetry } from ${moduleOf('start.ts')};
     const config = { METRICS_PORT: 1, WORKER_LANE: 'isolated', OTEL_EXPORTER_OTLP_ENDPOINT: '' };
     await startTelemetry(config, 'worker');
     count('longhaul_jobs_ended_total', { kind: 'simulation', status: 'FAILED' });
     observe('longhaul_attempt_duration_seconds', { kind: 'simulation' }, 7);
     process.send('ready');
     process.send({ metric: 'unheard_of', labels: {}, value: 1 });
     process.kill(process.pid, 'SIGKILL');`,
  );
  await startCounting('worker');
  const lane = fork(program, { execArgv: ['--import', loader] });
  lane.on('message', countForwarded);
  await once(lane, 'close');
  const { text } = await exposition();
  stopCounting();
  await rm(folder, { recursive: true });
  expect(text).toContain('longhaul_jobs_ended_total{kind="simulation",status="FAILED"} 1');
  expect(text).toContain('longhaul_attempt_duration_seconds_sum{kind="simulation"} 7');
  expect(text).not.toContain('unheard_of');
});

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectionsOf, serverFor } from './connections.js';
import { readKinds } from './kind-load.js';
import { readMeasured } from './measured.js';
import { allocatable, nodesFor } from './nodes.js';
import { writeOverlay } from './overlay.js';
import { makePlan, type Wish } from './plan.js';

// A call of the command line starts a process.
jest.setTimeout(60_000);

const measured = readMeasured(readFileSync('docs/benchmarks.md', 'utf8'));
const wish: Wish = {
  ...{ rps: 20, peak: 2, wait: 5, reads: 2, watchers: 1, events: 10, delayed: 0 },
  kinds: readKinds(['web_scrape:30s:0.05cpu', 'simulation:5s:1cpu:20%']),
  concurrency: { io: 20, cpu: 2 },
  podCores: { io: 1, cpu: 1 },
  ...{ fixed: {}, pool: 10, maxConnections: null, backend: 'redis' },
  node: allocatable(8, 32, 110),
};

test('the figures are those of the page on benchmarks, with their commits', () => {
  const page = readFileSync('docs/benchmarks.md', 'utf8');
  const { task, event, client, mostClients, idle } = measured;
  for (const { value, source } of [...Object.values(task), event, client, mostClients, ...Object.values(idle)]) {
    expect(value).toBeGreaterThan(0);
    expect(page).toContain(/commit [0-9a-f]+/.exec(source)?.[0]);
    expect(page).toMatch(new RegExp(`\\b(${value}|${value.toLocaleString('en-US')})\\b`));
  }
  expect(() => readMeasured(page.replace('\nsubmit and run together:\n', '\nnothing:\n'))).toThrow(
    'npm run bench -- noop',
  );
});

test('kinds share what is left, and bad ones are refused', () => {
  const kinds = readKinds(['web_scrape:30s:0.5cpu', 'own_kind:2m:0.7cpu', 'simulation:100ms:1cpu:20%:io']);
  expect(kinds.map(({ kind, seconds, share, group }) => [kind, seconds, share, group])).toEqual([
    ['web_scrape', 30, 0.4, 'io'],
    ['own_kind', 120, 0.4, 'cpu'],
    ['simulation', 0.1, 0.2, 'io'],
  ]);
  expect(() => readKinds(['web_scrape:30s'])).toThrow('is not like');
  expect(() => readKinds(['a:0s:1cpu'])).toThrow('takes no time');
  expect(() => readKinds(['a:1s:1cpu', 'a:2s:1cpu'])).toThrow('twice');
  expect(() => readKinds(['a:1s:1cpu:40%'])).toThrow('40 %');
});

test('a plan holds what it promises: slots, cores, waits', () => {
  const { usual, peak, problems, connections, month } = makePlan(wish, measured);
  expect(problems).toEqual([]);
  for (const { groups, rps } of [usual, peak]) {
    expect(groups.map(({ group }) => group)).toEqual(['io', 'cpu']);
    for (const { pods, cores, size, kinds, concurrency, jobsPerPod } of groups) {
      // The scaler comes to the same number of pods, or to more.
      const busiest = Math.max(...kinds.map(({ waiting }) => waiting.running));
      expect(jobsPerPod).toBeLessThanOrEqual(concurrency);
      expect(jobsPerPod === 1 || Math.ceil(busiest / jobsPerPod) >= pods).toBe(true);
      expect(cores).toBeLessThanOrEqual(pods * size.cores * 0.8);
      for (const { waiting, seconds, share, slots } of kinds) {
        expect(waiting.running).toBeCloseTo(rps * share * seconds, 6);
        expect(waiting.p95Seconds).toBeLessThanOrEqual(wish.wait);
        expect(slots).toBeGreaterThan(waiting.running);
      }
    }
  }
  expect(peak.nodes).toBeGreaterThan(usual.nodes);
  expect(connections.all).toBe(connections.pooled + connections.direct + connections.reserved);
  expect(month.tasks).toBe(20 * 2_629_800);
});

test('too few pods are unstable, and too many connections say what would fit', () => {
  expect(makePlan({ ...wish, fixed: { io: 3 } }, measured).problems.join('\n')).toMatch(
    /web_scrape at 20\/s is unstable: 480/,
  );
  expect(makePlan({ ...wish, maxConnections: 300 }, measured).problems.join('\n')).toMatch(
    /a pool of \d fit|a pool of \d would fit|PgBouncer/,
  );
});

test('apis that are there are counted, with their connections', () => {
  const { usual, connections, problems } = makePlan({ ...wish, fixed: { api: 40 } }, measured);
  expect([usual.api.pods, problems]).toEqual([40, []]);
  expect(connections.all - makePlan(wish, measured).connections.all).toBe(
    (40 - makePlan(wish, measured).peak.api.pods) * (wish.pool + 1),
  );
  expect(makePlan({ ...wish, fixed: { api: 1 } }, measured).problems.join()).toContain('api: 1 pods are too few');
});

test('connections: pools, what listens beside them, and the smallest server', () => {
  expect(connectionsOf({ apis: 2, workers: 3, pool: 10, backend: 'redis' })).toMatchObject({
    pooled: 50,
    direct: 2,
    all: 72,
  });
  expect(connectionsOf({ apis: 2, workers: 3, pool: 10, backend: 'postgres' })).toMatchObject({
    pooled: 150,
    direct: 7,
  });
  expect(serverFor(1, 900, null)).toEqual({ cores: 4, maxConnections: 1_718 });
  expect(serverFor(1, 900, 800)).toBeNull();
});

test('nodes: by cores, by memory, by number of pods; a pod that fits nowhere is named', () => {
  const node = { cores: 4, memory: 8_192, pods: 10 };
  const pods = (count: number, cores: number, memory: number) =>
    Array.from({ length: count }, () => ({ cores, memory }));
  expect(nodesFor(pods(8, 1, 100), node)).toBe(2);
  expect(nodesFor(pods(4, 0.1, 4_096), node)).toBe(2);
  expect(nodesFor(pods(25, 0.1, 10), node)).toBe(3);
  expect(nodesFor([...pods(2, 3, 10), ...pods(2, 1, 10)], node)).toBe(2);
  expect(() => nodesFor(pods(1, 5, 10), node)).toThrow('take a larger one');
});

test('the command line: JSON, a clear error, exit codes', () => {
  const size = (...words: string[]) => {
    const program = ['--import', resolve('test/support/run-typescript.mjs'), 'apps/cli/src/main.ts', 'size'];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...words], { encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const load = ['--rps', '5', '--kinds', 'web_scrape:30s:0.05cpu', 'simulation:5s:1cpu:20%'];
  const { status, stdout } = size(...load, '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    usual: { rps: 5 },
    problems: [],
    measured: { task: { api: { unit: 'µs' } } },
  });
  const unstable = size(...load, '--io-pods', '1');
  expect(unstable.status).toBe(1);
  expect(unstable.stdout).toContain('PROBLEM: web_scrape at 5/s is unstable');
  expect(size('--rps', '0', '--kinds', 'a:1s:1cpu')).toMatchObject({ status: 1, stdout: '' });
  expect(size('--rps', '1', '--kinds', 'a').stderr).toContain('is not like');
});

// The manifests and kubectl are not everywhere; where they are, what is written has to fit them.
const canRender =
  existsSync('deploy/kubernetes/overlays/production') && spawnSync('kubectl', ['version', '--client']).status === 0;
(canRender ? describe : describe.skip)('an overlay of deploy/kubernetes', () => {
  let folder: string;
  beforeAll(() =>
    cpSync('deploy/kubernetes', (folder = mkdtempSync(join(tmpdir(), 'longhaul-size-'))), { recursive: true }),
  );
  afterAll(() => rmSync(folder, { recursive: true }));

  test('renders with the sizes that were written', () => {
    const plan = makePlan(wish, measured);
    const overlay = join(folder, 'overlays/production');
    expect(writeOverlay(overlay, plan)).toBe(false);
    const file = join(overlay, 'kustomization.yaml');
    const text = readFileSync(file, 'utf8').replace('  - ../../components/monitoring\n', '$&  - sizing\n');
    writeFileSync(file, text);
    expect(writeOverlay(overlay, plan)).toBe(true);
    const { stdout, stderr } = spawnSync('kubectl', ['kustomize', overlay], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const scalers = stdout.split('\n---\n').filter((one) => one.includes('kind: ScaledObject'));
    for (const { group, pods, concurrency, jobsPerPod } of plan.peak.groups) {
      const scaler = scalers.find((one) => one.includes(`name: longhaul-worker-${group}`));
      expect(scaler).toContain(`maxReplicaCount: ${pods}\n`);
      expect(scaler).toMatch(new RegExp(`targetQueryValue: "${jobsPerPod}"`));
      expect(stdout).toMatch(new RegExp(`name: WORKER_CONCURRENCY\n +value: "${concurrency}"`));
    }
    expect(stdout).toContain('DATABASE_POOL_SIZE: "10"');
    expect(stdout).toContain(`minReplicas: ${plan.usual.api.pods}\n`);
  });

  test('lets containers be as large as they were asked for', () => {
    const overlay = join(folder, 'overlays/production');
    writeOverlay(overlay, makePlan({ ...wish, podCores: { io: 6, cpu: 1 } }, measured));
    expect(readFileSync(join(overlay, 'sizing/kustomization.yaml'), 'utf8')).toContain(
      `path: /spec/limits/0/max/cpu, value: '6'`,
    );
  });

  test.each(['metrics-api', 'long-jobs'])('%s, whose workers are scaled in another way, is refused', (name) => {
    const overlay = join(folder, 'overlays', name);
    expect(() => writeOverlay(overlay, makePlan(wish, measured))).toThrow('scales its workers in another way');
    expect(existsSync(join(overlay, 'sizing'))).toBe(false);
  });

  test('a folder that is no overlay is refused', () => {
    expect(() => writeOverlay(folder, makePlan(wish, measured))).toThrow('has no kustomization.yaml');
  });
});

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { canRender } from '../../../../test/deploy/overlays.js';
import { connectionsOf, serverFor } from './connections.js';
import { readKinds } from './kind-load.js';
import { readMeasured } from './measured.js';
import { allocatable, nodesFor } from './nodes.js';
import { writeOverlay } from './overlay.js';
import { gentlest, leversOf, type Lever } from './levers.js';
import { makePlan, type Plan, type Wish } from './plan.js';
import { notes } from './report.js';

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
  for (const { value, source } of [
    ...[...Object.values(task), ...Object.values(event), ...Object.values(idle)],
    ...[client, mostClients],
  ]) {
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

test('events cost the workers and PostgreSQL something each', () => {
  const few = makePlan({ ...wish, events: 3 }, measured);
  const many = makePlan({ ...wish, events: 1_003 }, measured);
  const more = (1_000 * few.peak.rps) / 1e6;
  expect(many.peak.databaseCores - few.peak.databaseCores).toBeCloseTo(more * measured.event.postgres.value, 6);
  const cores = ({ peak }: Plan) => peak.groups.reduce((sum, group) => sum + group.cores, 0);
  expect(cores(many) - cores(few)).toBeCloseTo(more * measured.event.worker.value, 6);
  expect(notes(many)).toEqual([
    expect.stringContaining('web_scrape tells 33.4 events a second'),
    expect.stringContaining('simulation tells 201 events a second'),
  ]);
  expect(notes(few)).toEqual([]);
});

test('too few pods are unstable', () => {
  expect(makePlan({ ...wish, fixed: { io: 3 } }, measured).problems.join('\n')).toMatch(
    /web_scrape at 20\/s is unstable: 480/,
  );
});

test('a rollout has each pod twice, with its connections', () => {
  const { peak, connections } = makePlan(wish, measured);
  const pods = [peak.api, ...peak.groups].reduce((sum, group) => sum + group.pods, 0);
  expect(connections).toMatchObject({ processes: 2 * pods, pooled: 2 * pods * wish.pool });
});

test('apis that are there are counted, with their connections', () => {
  const { usual, connections, problems } = makePlan({ ...wish, fixed: { api: 40 } }, measured);
  expect([usual.api.pods, problems]).toEqual([40, []]);
  expect(connections.all - makePlan(wish, measured).connections.all).toBe(
    2 * (40 - makePlan(wish, measured).peak.api.pods) * (wish.pool + 1),
  );
  const busy = { ...wish, reads: 100, fixed: { api: 1 } };
  expect(makePlan(busy, measured).problems.join()).toContain('api: 1 pods are too few');
});

test('one api that carries the load is a warning, not a problem', () => {
  const plan = makePlan({ ...wish, rps: 1, fixed: { api: 1 } }, measured);
  expect([plan.problems, plan.warnings]).toEqual([[], [expect.stringContaining('nobody answers')]]);
  expect(makePlan(wish, measured).warnings).toEqual([]);
});

test('a job that needs more cores than a pod has is a problem that says what to ask for', () => {
  const kinds = readKinds(['web_scrape:30s:3cpu']);
  expect(makePlan({ ...wish, rps: 0.1, kinds }, measured).problems).toEqual([
    'One job of web_scrape uses 3 cores and a pod of worker-io has 1: --io-cores 3.',
  ]);
  expect(makePlan({ ...wish, rps: 0.1, kinds, podCores: { io: 3, cpu: 1 } }, measured).problems).toEqual([]);
});

test('what no cluster has is refused at once, and the largest that is reckoned takes no more than seconds', () => {
  expect(() => makePlan({ ...wish, rps: 1_000_000 }, measured)).toThrow('No cluster has this: 25,000,000 jobs');
  expect(() => makePlan({ ...wish, fixed: { io: 1e12 } }, measured)).toThrow('No cluster has this');
  const kinds = readKinds(['web_scrape:1s:0.001cpu']);
  expect(makePlan({ ...wish, rps: 400_000, kinds, peak: 2 }, measured).peak.groups[0].pods).toBeGreaterThan(40_000);
});

describe('when PostgreSQL has too few connections', () => {
  const everything = () => true;
  const large: Wish = { ...wish, rps: 100, peak: 1.5, kinds: readKinds(['web_scrape:30s:0.5cpu']) };

  test('the largest smaller pool is named, where one is enough', () => {
    const asked = makePlan({ ...wish, maxConnections: 800 }, measured);
    expect(asked.problems).toEqual([expect.stringContaining('do not fit into one server (max_connections 800)')]);
    const [first] = leversOf(asked, measured);
    expect(Object.keys(first.options)).toEqual(['pool']);
    expect(first.plan.connections.all).toBeLessThanOrEqual(800);
    const { pool } = first.plan.wish;
    expect(makePlan({ ...wish, maxConnections: 800, pool }, measured).problems).toEqual([]);
    expect(makePlan({ ...wish, maxConnections: 800, pool: pool + 1 }, measured).problems).toHaveLength(1);
    expect(gentlest([first], everything)).toBe(first);
  });

  test('larger pods take fewer connections, and each lever keeps what it promises', () => {
    const asked = makePlan(large, measured);
    expect([asked.peak.groups[0].pods, asked.server]).toEqual([2_813, null]);
    const levers = leversOf(asked, measured);
    const of = ({ options, installations, plan }: Lever) => [options, installations, plan.peak.groups[0].pods];
    expect(levers.map(of)).toEqual([
      [{ ioCores: 3, pool: 2 }, 1, 938],
      [{ ioCores: 7, pool: 6 }, 1, 402],
      [{ rps: 8.334 }, 12, 235],
    ]);
    for (const { plan, options } of levers) {
      const podCores = { io: options.ioCores ?? 1, cpu: 1 };
      const again = { ...large, rps: options.rps ?? 100, pool: options.pool ?? 10, podCores };
      expect(makePlan(again, measured)).toMatchObject({ problems: [], connections: plan.connections });
    }
    // 938 pods × 2 connections would fit too, but with hardly any pool.
    expect(gentlest(levers, everything)?.options).toEqual({ ioCores: 7, pool: 6 });
  });

  test('what was asked for in so many words is not changed', () => {
    const levers = leversOf(makePlan(large, measured), measured);
    expect(gentlest(levers, (option) => option !== 'pool')).toBeUndefined();
  });

  test('slots grow with the cores, and memory with the slots', () => {
    const asked = makePlan({ ...large, rps: 500, kinds: readKinds(['web_scrape:30s:0.01cpu']) }, measured);
    const [{ options, plan }] = leversOf({ ...asked, server: null, problems: ['none'] }, measured).filter(
      (lever) => lever.options.ioCores === 3,
    );
    expect([options.ioConcurrency, plan.peak.groups[0].concurrency]).toEqual([60, 60]);
    expect(plan.peak.groups[0].size.memory).toBe(3 * 768);
  });

  test('nothing is advised for what is unstable, and pods that are there stay', () => {
    expect(leversOf(makePlan({ ...wish, fixed: { io: 3 } }, measured), measured)).toEqual([]);
    const fixed = makePlan({ ...wish, fixed: { io: 100, cpu: 30 }, maxConnections: 100 }, measured);
    expect(leversOf(fixed, measured)).toEqual([]);
  });
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

/** `npm run size`, with its exit code. */
function size(...words: string[]) {
  const program = ['--import', resolve('test/support/run-typescript.mjs'), 'apps/cli/src/main.ts', 'size'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...words], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('the example in docs/sizing.md prints what stands there', () => {
  const page = readFileSync('docs/sizing.md', 'utf8');
  const [, words, output] = /^```text\n\$ npm run size -- (.*)\n([^]*?)^```$/m.exec(page) ?? [];
  expect(size(...words.split(' '))).toEqual({ status: 0, stdout: output, stderr: '' });
});

test('the command line: JSON, a clear error, exit codes', () => {
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
  const tooMany = size(...load, '--pool', '500', '--max-connections', '200');
  expect(tooMany.status).toBe(1);
  expect(tooMany.stdout).toMatch(/None is taken[^]*PROBLEM: PostgreSQL: \d+ connections/);
  expect(size('--rps', '1000000', '--kinds', 'web_scrape:30s:0.5cpu')).toMatchObject({ status: 1, stdout: '' });
  expect(size('--rps', '0', '--kinds', 'a:1s:1cpu')).toMatchObject({ status: 1, stdout: '' });
  expect(size('--rps', '1', '--kinds', 'a').stderr).toContain('is not like');
});

test('a reader that has read enough ends it without a word', () => {
  const command = `"${process.execPath}" --import "${resolve('test/support/run-typescript.mjs')}" apps/cli/src/main.ts size --rps 5 --kinds web_scrape:30s:0.05cpu`;
  expect(spawnSync('sh', ['-c', `${command} | true`], { encoding: 'utf8' }).stderr).toBe('');
});

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

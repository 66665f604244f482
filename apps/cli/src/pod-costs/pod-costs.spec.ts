import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { RunningByHost } from '@longhaul/jobs';
import { testConfig, testDatabase, type TestDatabase } from '@longhaul/persistence/testing';
import { Cluster } from './cluster.js';
import { keepPodCosts, writePodCosts } from './pod-costs.js';

const annotation = 'controller.kubernetes.io/pod-deletion-cost';

/** An API server of this file's own, with pods and their costs; it notes what it is asked. */
let server: Server;
const pods = new Map<string, string | undefined>();
/** Pods whose change is refused, with the status. */
const refusals = new Map<string, number>();
let calls: string[] = [];
let account: string;
let database: TestDatabase;
let jobs: RunningByHost;

beforeAll(async () => {
  account = await mkdtemp(join(tmpdir(), 'longhaul-account-'));
  const [key, certificate] = [join(account, 'key.pem'), join(account, 'ca.crt')];
  const subject = ['-subj', '/CN=kubernetes', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...made, ...subject, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  await writeFile(join(account, 'token'), 'account-token\n');
  await writeFile(join(account, 'namespace'), 'longhaul');
  server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, (request, response) => {
    const { method, url = '', headers } = request;
    calls.push(`${method} ${url}`);
    if (headers.authorization !== 'Bearer account-token') return void response.writeHead(401).end('{}');
    const [, name = ''] = /\/pods\/([\w-]+)$/.exec(url) ?? [];
    if (method === 'GET') return void response.end(JSON.stringify({ items: [...pods].map(podOf) }));
    const refusal = refusals.get(name);
    if (refusal !== undefined) return void response.writeHead(refusal).end('{}');
    if (!pods.has(name) || name === 'gone') return void response.writeHead(404).end('{}');
    void text(request).then((body) => {
      const patch = JSON.parse(body) as ReturnType<typeof podOf>;
      pods.set(name, patch.metadata.annotations[annotation]);
      response.end('{}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  database = await testDatabase();
  jobs = await RunningByHost.open(testConfig(database));
});
afterAll(async () => {
  server.close();
  await jobs.close();
  await database.drop();
  await rm(account, { recursive: true });
});
beforeEach(() => {
  calls = [];
  refusals.clear();
});

function podOf([name, cost]: readonly [string, string | undefined]) {
  return { metadata: { name, annotations: cost === undefined ? {} : { [annotation]: cost } } };
}

const cluster = (folder = account) =>
  new Cluster(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, folder);

async function run(pod: string, count: number): Promise<void> {
  const client = new Client({ connectionString: database.adminUrl });
  await client.connect();
  await client.query(
    `INSERT INTO jobs (id, kind, status, owner_id, input, timeout_seconds, max_attempts, last_seq, lease_expires_at, worker_id)
     SELECT gen_random_uuid(), 'simulation', 'RUNNING', 'somebody', '{}', 60, 1, 1, now(), $1 FROM generate_series(1, $2)`,
    [`${pod}:7:0a1b2c3d`, count],
  );
  await client.end();
}

test('a worker pod costs as much as it has running jobs, and only what has changed is written', async () => {
  pods.set('worker-idle', undefined).set('worker-busy', undefined).set('worker-done', '4').set('gone', undefined);
  await run('worker-busy', 3);
  await run('gone', 1);
  expect(await writePodCosts(jobs, cluster())).toBe(2);
  expect(Object.fromEntries(pods)).toMatchObject({ 'worker-idle': undefined, 'worker-busy': '3', 'worker-done': '0' });
  expect(calls[0]).toBe('GET /api/v1/namespaces/longhaul/pods?labelSelector=longhaul.dev%2Frole%3Dworker');
  pods.delete('gone');
  calls = [];
  expect(await writePodCosts(jobs, cluster())).toBe(0);
  expect(calls).toHaveLength(1);
});

test('a refusal says what was refused', async () => {
  const stranger = await mkdtemp(join(tmpdir(), 'longhaul-account-'));
  await writeFile(join(stranger, 'token'), 'another');
  await writeFile(join(stranger, 'namespace'), 'longhaul');
  await writeFile(join(stranger, 'ca.crt'), await readFile(join(account, 'ca.crt')));
  await expect(writePodCosts(jobs, cluster(stranger))).rejects.toThrow('GET /api/v1/namespaces/longhaul/pods: 401');
  await rm(stranger, { recursive: true });
});

test('what is refused for a pod is told after the others were written; without the right it ends', async () => {
  pods.set('worker-refused', '5').set('worker-last', '6');
  refusals.set('worker-refused', 500);
  await expect(writePodCosts(jobs, cluster())).rejects.toThrow('pods/worker-refused: 500');
  expect(pods.get('worker-last')).toBe('0');
  const told: string[] = [];
  const stopping = new AbortController();
  const kept = keepPodCosts(jobs, cluster(), 1, stopping.signal, (problem) => {
    told.push(problem);
    refusals.set('worker-refused', 403);
  });
  await expect(kept).rejects.toThrow('PATCH /api/v1/namespaces/longhaul/pods/worker-refused: 403');
  expect(told).toEqual(['PATCH /api/v1/namespaces/longhaul/pods/worker-refused: 500']);
  stopping.abort();
  await expect(keepPodCosts(jobs, cluster(), 1, stopping.signal, () => undefined)).resolves.toBeUndefined();
});

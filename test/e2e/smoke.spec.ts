import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { resolve } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { freePort } from '../../apps/cli/src/demo/free-port.js';
import { describeOnEachBackend } from '../support/backends.js';
import { startDeployment, type Deployment } from '../support/deployment.js';

// The smoke test runs tasks of some seconds one after the other.
jest.setTimeout(120_000);

interface Outcome {
  readonly code: number | null;
  /** Names of the checks by how they went. */
  readonly names: Readonly<Record<'good' | 'missed' | 'skipped', string[]>>;
  readonly output: string;
}
type Result = { name: string; outcome: keyof Outcome['names'] };

/** `npm run smoke` against an address; unless words say otherwise, with the tokens of everybody in its environment. */
async function smoke(baseUrl: string, { users }: Deployment, words?: string[]): Promise<Outcome> {
  const program = ['--import', resolve('test/support/run-typescript.mjs'), 'apps/cli/src/main.ts', 'smoke', '--json'];
  const env = { ...process.env, ...(words === undefined && everybody(users)) };
  const child = spawn(process.execPath, [...program, '--base-url', baseUrl, ...(words ?? [])], { env });
  const code = once(child, 'exit');
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(errors).toBe('');
  const { results } = JSON.parse(output) as { results: Result[] };
  const named = (outcome: Result['outcome']) =>
    results.filter((result) => result.outcome === outcome).map(({ name }) => name);
  const names = { good: named('good'), missed: named('missed'), skipped: named('skipped') };
  return { code: (await code)[0] as number | null, names, output };
}

function everybody({ user, admin, editor }: Deployment['users']): Record<string, string> {
  return { SMOKE_TOKEN: user.token, SMOKE_ADMIN_TOKEN: admin.token, SMOKE_EDITOR_TOKEN: editor.token };
}

async function deploy(backend: 'postgres' | 'redis'): Promise<Deployment> {
  const port = String(await freePort(0, '127.0.0.1'));
  const PUBLIC_URL = `http://127.0.0.1:${port}`;
  return startDeployment({ backend, env: { PORT: port, PUBLIC_URL, SCRAPE_ALLOW_HOSTS: '127.0.0.1' } });
}

describeOnEachBackend('the smoke test of a deployment', (backend) => {
  let deployment: Deployment;
  beforeAll(async () => (deployment = await deploy(backend)));
  afterAll(() => deployment.stop());

  test('misses nothing where all is well, and leaves nothing that runs or is public', async () => {
    const { code, names, output } = await smoke(deployment.apis[0].url, deployment);
    expect({ missed: names.missed, output: names.missed.length > 0 ? output : '' }).toEqual({ missed: [], output: '' });
    expect(names.skipped).toEqual([]);
    expect(names.good.length).toBeGreaterThanOrEqual(25);
    expect(code).toBe(0);
    const left = await deployment.sql(
      `SELECT (SELECT count(*) FROM jobs WHERE status IN ('PENDING', 'RUNNING'))::int AS unfinished,
              (SELECT count(*) FROM published_posts)::int AS posts`,
    );
    expect(left).toEqual([{ unfinished: 0, posts: 0 }]);
  });
});

describe('the smoke test of a broken deployment', () => {
  let deployment: Deployment;
  let proxy: Server;
  beforeAll(async () => (deployment = await deploy('postgres')));
  afterAll(async () => {
    proxy.close();
    await deployment.stop();
  });

  test('misses that something between keeps streams back', async () => {
    proxy = createServer((request, response) => {
      void keepBack(deployment.apis[0].url, request).then(({ status, headers, body }) => {
        response.writeHead(status, headers).end(body);
      });
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { code, names, output } = await smoke(
      `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      deployment,
    );
    // The links in answers do not lead through the proxy either.
    expect(names.missed).toEqual(['a submit is accepted', 'a stream shows a task while it runs']);
    expect(output).toContain('buffers the stream');
    expect(code).toBe(1);
  });

  test('misses that no worker runs; the token of an admin is enough to cancel what is left', async () => {
    await deployment.workers[0].kill('SIGTERM');
    const words = ['--token', deployment.users.admin.token, '--patience', '2'];
    const { code, names, output } = await smoke(deployment.apis[0].url, deployment, words);
    expect(names.skipped).toEqual(['an editor publishes and takes down']);
    expect(names.missed).toContain('a task runs to its end');
    expect(names.good).toContain('a submit is accepted');
    expect(output).toContain('does a worker run?');
    expect(code).toBe(1);
    expect(await deployment.sql(`SELECT id FROM jobs WHERE status = 'PENDING'`)).toEqual([]);
  });
});

/** Hands on an answer when it is complete. */
async function keepBack(url: string, request: IncomingMessage) {
  const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
  const body = await buffer(request);
  const answer = await fetch(url + (request.url ?? ''), {
    ...{ method: request.method, headers: headers as Record<string, string>, redirect: 'manual' },
    body: body.length > 0 ? body : undefined,
  });
  const kept = [...answer.headers].filter(
    ([name]) => !['connection', 'content-length', 'transfer-encoding'].includes(name),
  );
  return { status: answer.status, headers: Object.fromEntries(kept), body: Buffer.from(await answer.arrayBuffer()) };
}

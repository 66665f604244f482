import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describeOnEachBackend } from '../support/backends.js';
import { call, startDeployment, type Deployment } from '../support/deployment.js';
import { codeBlocks } from './markdown-files.js';

// Each client is a process that follows a task of some seconds.
jest.setTimeout(60_000);

const page = readFileSync('docs/streaming.md', 'utf8');
const [curl, poll] = codeBlocks(page, 'curl', 'bash');
const [node] = codeBlocks(page, 'Node', 'js');
const [python] = codeBlocks(page, 'Python', 'python');
const hasPython = spawnSync('python3', ['--version']).status === 0;

describeOnEachBackend('the clients of docs/streaming.md', (backend) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await startDeployment({ backend, apis: 2 });
  });
  afterAll(() => deployment.stop());

  const submit = async (): Promise<string> => {
    const body = { task_type: 'simulation', duration: 2, steps: 4 };
    return (await call(deployment.apis[0], 'POST', '/tasks', { token: deployment.users.user.token, body })).json
      .task_id;
  };
  /** Runs a client on a new task. `begun` is called when it says its first word. */
  const follow = async (program: string, words: string[], begun: () => Promise<void> = () => Promise.resolve()) => {
    const { PATH, HOME } = process.env;
    const TASK = await submit();
    const env = { PATH, HOME, API: deployment.apis[0].url, TASK, TOKEN: deployment.users.user.token };
    const child = spawn(program, words, { env });
    const began = once(child.stdout, 'data').then(begun);
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(errors).toBe('');
    await began;
    const { json } = await call(deployment.apis[1], 'GET', `/tasks/${TASK}/events`, {
      token: deployment.users.user.token,
    });
    const events = (json as { seq: number; type: string; status: string }[]).map(
      ({ seq, type, status }) => `${seq} ${type} ${status}`,
    );
    return { lines: output.trim().split('\n'), events };
  };

  test('curl shows every event', async () => {
    const { lines, events } = await follow('bash', ['-c', curl]);
    const data = lines.flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []));
    expect(data.map(({ seq, type, status }) => `${seq} ${type} ${status}`)).toEqual(events);
    expect(events.length).toBeGreaterThan(3);
  });

  test('curl waits for the end', async () => {
    expect((await follow('bash', ['-c', poll])).lines).toEqual(['"status":"SUCCESS"']);
  });

  test('Node shows every event once, though the api is killed in the middle', async () => {
    const again = async () => {
      const [api] = deployment.apis;
      await api.kill('SIGKILL');
      await deployment.startApi({ PORT: new URL(api.url).port });
    };
    const { lines, events } = await follow(process.execPath, ['--input-type=module', '--eval', node], again);
    expect(lines).toEqual(events);
  });

  (hasPython ? test : test.skip)('Python shows every event once', async () => {
    const { lines, events } = await follow('python3', ['-u', '-c', python]);
    expect(lines).toEqual(events);
  });
});

describe('when a repetition cannot help, the clients of docs/streaming.md end', () => {
  /** What the server answers, one call after the other; the last one for ever. */
  let answers: { status: number; headers?: Record<string, string>; body?: string }[] = [];
  let times: number[] = [];
  let server: Server;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      times.push(performance.now());
      const { status, headers, body } = answers.length > 1 ? (answers.shift() as (typeof answers)[0]) : answers[0];
      response.writeHead(status, headers).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());
  beforeEach(() => (times = []));

  const run = async (program: string, words: string[]) => {
    const { PATH, HOME } = process.env;
    const API = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = spawn(program, words, { env: { PATH, HOME, API, TASK: '7', TOKEN: 'static' } });
    const code = once(child, 'exit');
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: (await code)[0] as number, output, errors };
  };
  const unauthorized = { status: 401, body: 'token ended' };
  const busy = { status: 429, headers: { 'retry-after': '2' } };
  const clients = [
    ['curl', 'bash', ['-c', poll]],
    ['Node', process.execPath, ['--input-type=module', '--eval', node]],
    ...(hasPython ? [['Python', 'python3', ['-u', '-c', python]] as const] : []),
  ] as const;

  test.each(clients)('%s at an unknown task', async (_name, program, words) => {
    answers = [{ status: 404, body: 'not found' }];
    const { code, errors } = await run(program, [...words]);
    expect([code, times.length]).toEqual([1, 1]);
    expect(errors).toMatch(/not found|404/i);
  });

  test.each(clients)(
    '%s at a token that has ended, and it waits as long as it is told',
    async (_name, program, words) => {
      answers = [busy, unauthorized];
      expect(await run(program, [...words])).toMatchObject({ code: 1, output: '' });
      expect(times).toHaveLength(2);
      expect(times[1] - times[0]).toBeGreaterThan(1_950);
    },
  );

  test('Node takes a new token where there is one', async () => {
    answers = [unauthorized, { status: 204 }];
    const renewing = node.replace('async () => TOKEN', 'async () => String(Math.random())');
    expect(renewing).not.toBe(node);
    expect(await run(process.execPath, ['--input-type=module', '--eval', renewing])).toMatchObject({ code: 0 });
    expect(times).toHaveLength(2);
  });
});

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describeOnEachBackend } from '../support/backends.js';
import { startDeployment, type Deployment } from '../support/deployment.js';
import { codeBlocks } from './markdown-files.js';

// Every user command starts a process of its own, and the tasks take their seconds.
jest.setTimeout(120_000);

const separator = '=== next block ===';
const id = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** What each block of the walk-through prints, in their order. */
const expected: readonly (readonly (string | RegExp)[])[] = [
  [],
  ['"username":"ada"', '"roles":["user"]'],
  [/^HTTP\/1.1 202/, /^location: \/tasks\//m, /^etag: "1[-"]/m, '"status":"PENDING"'],
  ['"type":"snapshot"', '"percent":50', '"type":"succeeded","status":"SUCCESS"'],
  [/^(?!.*"snapshot").*"seq":4/s, '"type":"succeeded"', /\n204\n/],
  [/"result_payload":{[^}]*"steps":6/, 'Simulation finished', '"type":"submitted"', /"actor":"worker:/],
  [/^HTTP\/1.1 202/, /^preference-applied: wait=20/m, '"status":"SUCCESS"'],
  [new RegExp(`^${id}\n`), /^idempotency-replayed: true/m, '"code":"idempotency_key_reused"'],
  [
    /^link: <\/tasks\?task_type=simulation&limit=2&cursor=[\w-]+>; rel="next"/m,
    new RegExp(`"task_id":"${id}"\n"task_id"`),
  ],
  ['"code":"forbidden"', /^HTTP\/1.1 204/m, '"status":"CANCELLED"'],
  ['"error":{"code":"simulated_failure"', '"status":"PENDING"'],
  [
    '"code":"unauthorized"',
    /"pointer":"\/duration".*"pointer":"\/colour"|"pointer":"\/colour".*"pointer":"\/duration"/,
    '"pointer":"/url"',
    '"code":"not_found"',
  ],
];

/** The same of the section on content, which goes on with its functions. */
const expectedOfContent: readonly (readonly (string | RegExp)[])[] = [
  [],
  [/^"quality_score":\d/],
  ['"topic":"What a solar roof costs"', '"state":"AWAITING_APPROVAL"', /“.*” \[1\]/],
  [/^"code":"forbidden"\n"published_version":1\n$/],
  [
    /^http:\/\/\S+\/site\/posts\/what-a-solar-roof-costs\n/,
    '<title>What a solar roof costs',
    '"slug":"what-a-solar-roof-costs"',
  ],
];

describeOnEachBackend("the README's walk-through", (backend) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await startDeployment({ backend });
  });
  afterAll(() => deployment.stop());

  test('works as pasted', async () => {
    const readme = readFileSync('README.md', 'utf8');
    const [walk, content] = ['Walk-through', 'Content'].map((section) => codeBlocks(readme, section, 'bash'));
    expect([walk.length, content.length]).toEqual([expected.length, expectedOfContent.length]);
    const script = [...walk, ...content]
      .join(`\necho '${separator}'\n`)
      .replace('API=http://127.0.0.1:8001\n', `API=${deployment.apis[0].url}\n`);
    const { outputs, errors } = await bash(script, deployment.env);
    expect(errors).toBe('');
    [...expected, ...expectedOfContent].forEach((patterns, index) => {
      for (const pattern of patterns) expect(outputs[index]).toMatch(pattern);
    });
  });
});

/** Feeds a script to bash as a person would paste it: a command that fails does not stop the next. */
async function bash(script: string, env: Readonly<Record<string, string>>) {
  const { PATH, HOME } = process.env;
  const shell = spawn('bash', ['-s'], { env: { PATH, HOME, npm_config_loglevel: 'error', ...env } });
  shell.stdin.end(script);
  const [output, errors] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
  return { outputs: output.replaceAll('\r', '').split(`${separator}\n`), errors };
}

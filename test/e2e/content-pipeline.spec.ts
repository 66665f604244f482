import { fallsSilent, refuses, says, solarSources, TestChatServer } from '@longhaul/content/testing';
import { describeOnEachBackend } from '../support/backends.js';
import { call, startDeployment, type Deployment } from '../support/deployment.js';

const key = 'sk-canary-0123456789';
const article = `# Solar roofs\n\n${'Solar panels turn sunlight into electric current [1]. A system costs between eight and fifteen thousand euros [2]. '.repeat(12)}`;

/** Generation of content by built apps that ask a server of models. */
describeOnEachBackend('a deployment that generates content', (backend) => {
  let chat: TestChatServer;
  let deployment: Deployment;

  beforeAll(async () => {
    chat = await TestChatServer.start();
    const env = { GENERATORS: 'openai', OPENAI_BASE_URL: chat.baseUrl, OPENAI_API_KEY: key, LOG_LEVEL: 'trace' };
    deployment = await startDeployment({ backend, workers: 2, env });
  }, 60_000);
  afterAll(async () => {
    await (deployment as Deployment | undefined)?.stop();
    await chat.stop();
  });

  const ask = (method: string, path: string, options: { body?: object; headers?: Record<string, string> } = {}) =>
    call(deployment.apis[0], method, path, { token: deployment.users.user.token, ...options });
  const submit = async (input: object): Promise<string> => {
    const sources = solarSources.map(({ text }) => text);
    const body = { task_type: 'content_generation', topic: 'solar panels', format: 'blog_post', sources, ...input };
    return (await ask('POST', '/tasks', { body })).json.task_id;
  };
  const ended = async (id: string) => {
    for (;;) {
      const { json } = await ask('GET', `/tasks/${id}`, { headers: { prefer: 'wait=10' } });
      if (json.completed_at !== null) return json;
    }
  };
  /** Kills the process that writes the text as soon as the model was asked for it so many times. */
  const killedAt = async (id: string, asked: number) => {
    while (chat.requests.length < asked) await new Promise(setImmediate);
    const [{ pid } = { pid: 0 }] = await deployment.sql<{ pid: number }>(
      `SELECT split_part(worker_id, ':', 2)::int AS pid FROM jobs WHERE id = $1`,
      [id],
    );
    process.kill(pid, 'SIGKILL');
  };

  it('goes on where a worker was killed, in the draft and in a refinement, and writes nothing twice', async () => {
    chat.reset(fallsSilent, says(article), fallsSilent, says(`${article} And more of it.`));
    const id = await submit({ quality_threshold: 100, max_refinements: 1 });
    await killedAt(id, 1);
    await killedAt(id, 3);
    expect(await ended(id)).toMatchObject({ status: 'SUCCESS', retry_count: 0, result_payload: { refinements: 1 } });
    const asks = chat.requests.map(({ body }) => body.messages[1].content.includes('Revise the text'));
    expect(asks).toEqual([false, false, true, true]);
    const versions = await deployment.sql(
      'SELECT number, step, state FROM content_versions WHERE item_id = $1 ORDER BY number',
      [id],
    );
    expect(versions).toEqual([
      { number: 1, step: 'draft', state: 'DRAFT' },
      { number: 2, step: 'refine-1', state: 'AWAITING_APPROVAL' },
    ]);
    const events = await deployment.sql<{ type: string; stage: string | null }>(
      `SELECT type, data ->> 'stage' AS stage FROM job_events WHERE job_id = $1 ORDER BY seq`,
      [id],
    );
    expect(events.filter(({ type }) => type === 'recovered')).toHaveLength(2);
    expect(events.flatMap(({ stage }) => stage ?? [])).toEqual('research draft evaluate refine seo submit'.split(' '));
    await deployment.startWorker();
  }, 60_000);

  it('shows the key of its models nowhere, though their server repeats it when it refuses', async () => {
    chat.reset(refuses(500), refuses(429), refuses(401));
    const id = await submit({});
    expect(await ended(id)).toMatchObject({ status: 'FAILED', error: { code: 'generation_failed' } });
    expect(chat.requests.map(({ headers }) => headers.authorization)).toContain(`Bearer ${key}`);
    const paths = [
      `/tasks/${id}`,
      `/tasks/${id}/logs`,
      `/tasks/${id}/events`,
      '/task-types',
      '/docs',
      '/docs/openapi.json',
    ];
    const shown = await Promise.all(paths.map(async (path) => (await ask('GET', path)).text));
    expect(shown[0]).toContain('status 401');
    const stored = await deployment.sql<{ text: string }>(
      `SELECT to_jsonb(jobs)::text AS text FROM jobs UNION ALL SELECT to_jsonb(job_events)::text FROM job_events
       UNION ALL SELECT to_jsonb(content_versions)::text FROM content_versions`,
    );
    const written = [...deployment.apis, ...deployment.workers].map((app) => app.logs());
    const all = [...shown, ...stored.map(({ text }) => text), ...written];
    expect(written.join('').length).toBeGreaterThan(1_000);
    expect(all.filter((text) => text.includes('sk-canary'))).toEqual([]);
  });
});

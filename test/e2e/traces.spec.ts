import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { says, solarSources, TestChatServer } from '@longhaul/content/testing';
import { until } from '@longhaul/jobs/testing';
import { describeOnEachBackend } from '../support/backends.js';
import { call, startDeployment, type Answer, type Deployment } from '../support/deployment.js';
import { OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.js';

/** The id of an attempt's span. */
const spanIdOf = (task: string, fence: number) =>
  createHash('sha256').update(`${task}:${fence}`).digest('hex').slice(0, 16);
const hex = (bytes: number) => randomBytes(bytes).toString('hex');

describeOnEachBackend('traces', (backend) => {
  let receiver: OtlpReceiver;
  let site: Server;
  let siteUrl: string;
  let chat: TestChatServer;
  let deployment: Deployment;

  beforeAll(async () => {
    receiver = await OtlpReceiver.start();
    chat = await TestChatServer.start();
    site = createServer((request, response) => {
      response.statusCode = request.url === '/robots.txt' ? 404 : 200;
      response.setHeader('content-type', 'text/html').end('<title>A page</title><p>Words enough for a page.</p>');
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    const { port } = site.address() as AddressInfo;
    siteUrl = `http://127.0.0.1:${port}`;
    deployment = await startDeployment({
      backend,
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_BSP_SCHEDULE_DELAY: '50',
        SCRAPE_ALLOW_HOSTS: `127.0.0.1:${port}`,
        GENERATORS: 'openai',
        OPENAI_BASE_URL: chat.baseUrl,
        OUTBOUND_PORTS: `80,443,${port}`,
      },
    });
  }, 60_000);
  afterAll(async () => {
    await deployment.stop();
    site.close();
    await chat.stop();
    await receiver.close();
  });

  const submit = (body: object, headers: Record<string, string> = {}): Promise<Answer> =>
    call(deployment.apis[0], 'POST', '/tasks', {
      token: deployment.users.user.token,
      body,
      headers: { prefer: 'wait=20', ...headers },
    });
  /** The spans of a trace, once they hold what is asked for. */
  const treeOf = async (traceId: string, holds: (spans: ReceivedSpan[]) => boolean): Promise<ReceivedSpan[]> => {
    await until(() => Promise.resolve(holds(receiver.ofTrace(traceId)))).catch(() => undefined);
    return receiver.ofTrace(traceId);
  };
  const named = (spans: readonly ReceivedSpan[], name: string) => spans.filter((span) => span.name === name);
  const childrenOf = (spans: readonly ReceivedSpan[], { spanId }: ReceivedSpan) =>
    spans.filter(({ parentSpanId }) => parentSpanId === spanId);
  const ended = (attempts: number) => (spans: ReceivedSpan[]) =>
    spans.filter(({ name }) => name.startsWith('attempt ')).length >= attempts &&
    spans.some(({ name }) => name === 'POST /tasks');

  it('go from the request of a caller through the database and the queue to the page that a worker fetched', async () => {
    const [traceId, callerSpan] = [hex(16), hex(8)];
    const { json } = await submit(
      { task_type: 'web_scrape', url: `${siteUrl}/page?token=canary` },
      { traceparent: `00-${traceId}-${callerSpan}-01` },
    );
    expect(json).toMatchObject({ status: 'SUCCESS', trace_id: traceId });
    const spans = await treeOf(traceId, ended(1));
    const [request] = named(spans, 'POST /tasks');
    expect(request).toMatchObject({
      parentSpanId: callerSpan,
      service: 'longhaul-api',
      attributes: { 'http.route': '/tasks', 'http.response.status_code': 202 },
    });
    expect(childrenOf(spans, request).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['INSERT jobs', 'ring web_scrape', 'claim web_scrape', 'attempt web_scrape']),
    );
    const [attempt] = named(spans, 'attempt web_scrape');
    expect(attempt).toMatchObject({
      parentSpanId: request.spanId,
      service: 'longhaul-worker',
      links: [],
      attributes: {
        'longhaul.job.id': json.task_id,
        'longhaul.job.attempt': 1,
        'longhaul.job.fence': 1,
        'longhaul.attempt.outcome': 'succeeded',
      },
    });
    const within = childrenOf(spans, attempt);
    expect(within.map(({ name }) => name)).toEqual(expect.arrayContaining(['GET', 'UPDATE jobs']));
    expect(within.map(({ attributes }) => attributes['url.full'])).toContain(`${siteUrl}/page`);
    expect(JSON.stringify(receiver.spans)).not.toContain('canary');
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  });

  it('keep all attempts of a task together, each with a link to the one before it', async () => {
    const { json } = await submit({ task_type: 'simulation', duration: 0, fail_probability: 1, max_attempts: 2 });
    const spans = await treeOf(json.trace_id, ended(2));
    const [request] = named(spans, 'POST /tasks');
    const attempts = named(spans, 'attempt simulation').sort(
      (a, b) => Number(a.attributes['longhaul.job.fence']) - Number(b.attributes['longhaul.job.fence']),
    );
    expect(attempts.map(({ parentSpanId }) => parentSpanId)).toEqual([request.spanId, request.spanId]);
    expect(attempts.map(({ attributes }) => attributes['longhaul.attempt.outcome'])).toEqual(['retry', 'failed']);
    expect(attempts.map(({ links }) => links.map(({ spanId }) => spanId))).toEqual([[], [attempts[0].spanId]]);
    expect(attempts[1]).toMatchObject({ status: 2 });
    expect(childrenOf(spans, attempts[0]).map(({ name }) => name)).toContain('ring simulation');
  });

  it.each([
    ['stops and hands over', 'SIGTERM', ['handed_over', 'succeeded']],
    // It could not send its own span; what comes after knows its id all the same.
    ['vanishes', 'SIGKILL', ['succeeded']],
  ] as const)(
    'go on, with a link, when the worker %s',
    async (_what, signal, outcomes) => {
      const doomed = deployment.workers.at(-1);
      const { json } = await submit({ task_type: 'simulation', duration: 3, steps: 30 }, { prefer: 'respond-async' });
      const [task, traceId] = [String(json.task_id), String(json.trace_id)];
      const status = () => deployment.sql<{ status: string }>('SELECT status FROM jobs WHERE id = $1', [task]);
      await until(async () => (await status())[0].status === 'RUNNING');
      await doomed?.kill(signal);
      await deployment.startWorker();
      await until(async () => (await status())[0].status === 'SUCCESS', 30_000);
      const spans = await treeOf(traceId, ended(outcomes.length));
      const [request] = named(spans, 'POST /tasks');
      const attempts = named(spans, 'attempt simulation').sort(
        (a, b) => Number(a.attributes['longhaul.job.fence']) - Number(b.attributes['longhaul.job.fence']),
      );
      expect(attempts.map(({ attributes }) => attributes['longhaul.attempt.outcome'])).toEqual(outcomes);
      expect(attempts.map(({ parentSpanId }) => parentSpanId)).toEqual(attempts.map(() => request.spanId));
      expect(attempts.at(-1)?.links).toMatchObject([{ traceId, spanId: spanIdOf(task, 1) }]);
      if (signal === 'SIGTERM') expect(attempts[0].spanId).toBe(spanIdOf(task, 1));
    },
    60_000,
  );

  it('show the stages of generated content, and what a model was asked in them', async () => {
    chat.reset(says(`# Solar roofs\n\n${'Solar panels turn sunlight into electric current [1]. '.repeat(30)}`));
    const sources = solarSources.map(({ text }) => text);
    const { json } = await submit({
      ...{ task_type: 'content_generation', topic: 'solar panels', format: 'blog_post', sources },
      ...{ max_refinements: 0, quality_threshold: 1 },
    });
    expect(json).toMatchObject({ status: 'SUCCESS' });
    const spans = await treeOf(json.trace_id, ended(1));
    const [attempt] = named(spans, 'attempt content_generation');
    const stages = childrenOf(spans, attempt).filter(({ name }) => name.startsWith('stage '));
    expect(stages.map(({ name }) => name)).toEqual(
      ['research', 'draft', 'evaluate', 'refine', 'seo', 'submit'].map((stage) => `stage ${stage}`),
    );
    const [asked] = spans.filter(({ name }) => name.startsWith('chat '));
    expect(asked).toMatchObject({
      parentSpanId: named(spans, 'stage draft')[0].spanId,
      attributes: { 'gen_ai.usage.input_tokens': 1000, 'gen_ai.usage.output_tokens': 500 },
    });
  });

  it('show a statement that was made for many in the trace of one, with links to the others', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => submit({ task_type: 'simulation', duration: 0 }, { prefer: 'respond-async' })),
    );
    const traces = answers.map(({ json }) => String(json.trace_id));
    expect(new Set(traces).size).toBe(20);
    // Workers share statements too: this is about the one that wrote the tasks.
    const inserts = () =>
      traces
        .flatMap((id) => named(receiver.ofTrace(id), 'shared work'))
        .filter((span) => named(childrenOf(receiver.ofTrace(span.traceId), span), 'INSERT jobs').length > 0);
    const requests = () => traces.flatMap((id) => named(receiver.ofTrace(id), 'POST /tasks'));
    await until(() => Promise.resolve(requests().length === 20 && inserts().length > 0));
    const linked = inserts().flatMap(({ links }) => links.map(({ spanId }) => spanId));
    expect(linked.length).toBeGreaterThan(0);
    expect(requests().map(({ spanId }) => spanId)).toEqual(expect.arrayContaining(linked));
  });

  it('begin anew without a traceparent or with a bad one, and are named in problems', async () => {
    const bad = { traceparent: '00-zz-zz-01' };
    const { json } = await submit({ task_type: 'nothing' }, bad);
    expect(json).toMatchObject({ status: 422, trace_id: expect.stringMatching(/^[\da-f]{32}$/) });
    const spans = await treeOf(json.trace_id, (all) => all.length > 0);
    expect(named(spans, 'POST /tasks')).toMatchObject([{ parentSpanId: '' }]);
  });

  it('are not made of requests that a caller does not sample', async () => {
    const traceId = hex(16);
    const { json } = await submit(
      { task_type: 'simulation', duration: 0 },
      { traceparent: `00-${traceId}-${hex(8)}-00` },
    );
    expect(json.trace_id).toBe(traceId);
    const later = await submit({ task_type: 'simulation', duration: 0 });
    await treeOf(later.json.trace_id, ended(1));
    expect(receiver.ofTrace(traceId)).toEqual([]);
  });
});

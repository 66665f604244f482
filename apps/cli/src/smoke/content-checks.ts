import { randomBytes } from 'node:crypto';
import { runsTasks, type Check } from './check.js';
import { need, type Target } from './target.js';

const isWritten = 'a text is written from sources';
const sources = [
  'Solar panels turn sunlight into electric current. A system for a family home costs between 8,000 and 15,000 euros.',
  'Half of the costs pay for the work on the roof. The panels themselves are only a third of the costs of a solar roof.',
  'A family that uses its own solar power saves 600 euros every year. A solar roof pays for itself after 13 years.',
];
/** How long caches of other apis may show what is not public any more. */
const shownSeconds = 30;

/** What is done with content; the text is left behind as a draft that is not public. */
export function contentChecks(): readonly Check[] {
  let id = '';
  const generates = async (target: Target) => {
    const topic = `What a solar roof costs, ${randomBytes(4).toString('hex')}`;
    const task = {
      task_type: 'content_generation',
      topic,
      format: 'blog_post',
      target_length: 200,
      max_refinements: 1,
    };
    const { json } = await target.submit({ ...task, sources, metadata: { smoke: true } });
    const { status, error } = await target.end(json.task_id);
    need(status === 'SUCCESS', `it ended as ${status}: ${error?.message}`);
    id = json.task_id;
  };
  const reads = async (target: Target) => {
    const { json } = await target.expect(200, 'GET', '/content?limit=20');
    need(
      json.some((item: { content_id: string }) => item.content_id === id),
      `${id} is not in the list`,
    );
    const { headers, json: item } = await target.expect(200, 'GET', `/content/${id}`);
    need(headers.has('etag'), 'the header ETag is missing');
    need(item.version.body.length > 100 && item.version.sources.length > 0, 'it has no text or no sources');
  };
  return [
    { name: isWritten, after: runsTasks, run: generates },
    { name: 'the text is listed and read', after: isWritten, run: reads },
    {
      name: 'an editor publishes and takes down',
      as: 'editor',
      after: isWritten,
      run: (target) => publishes(target, id),
    },
  ];
}

async function publishes(target: Target, id: string): Promise<void> {
  const etagOf = async () =>
    (await target.expect(200, 'GET', `/content/${id}`, { as: 'editor' })).headers.get('etag') ?? '';
  const decide = async (call: string, body: object) =>
    target.expect(200, 'POST', `/content/${id}/${call}`, {
      as: 'editor',
      body,
      headers: { 'if-match': await etagOf() },
    });
  const { json } = await decide('approve', { publish: true, feedback: 'Approved by the smoke test.' });
  const page = json.links.page as string | null;
  try {
    need(page !== null, 'it was published and has no page');
    await shows(target, page, 200);
  } finally {
    await decide('unpublish', { feedback: 'Taken down by the smoke test.' });
  }
  await shows(target, page, 404, 410);
}

async function shows(target: Target, page: string, ...statuses: number[]): Promise<void> {
  const deadline = performance.now() + shownSeconds * 1_000;
  for (;;) {
    const { status } = await target.call('GET', page, { as: 'nobody' });
    if (statuses.includes(status)) return;
    need(performance.now() < deadline, `${page} is answered with ${status} for ${shownSeconds} s`);
    await new Promise((later) => setTimeout(later, 500));
  }
}

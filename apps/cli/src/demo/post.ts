import { load } from 'cheerio';
import type { ApiClient, Content, Task } from './api-client.js';
import { pagesOf } from './results.js';

/** A post that is on the public site. */
export interface PublishedPost {
  readonly title: string;
  readonly sources: number;
  /** 0 to 100. */
  readonly quality: number;
  readonly version: number;
  /** Address of its public page. */
  readonly address: string;
}

const topic = 'How Longhaul runs long operations';

/** The part of the web site that the post is about: its front page, and those of this document. */
const subject = /^\/(docs\/architecture(\/.*)?)?$/;

/** A task that writes a post from pages that were scraped. */
export function postFrom(scrape: Task): Record<string, unknown> {
  const urls = pagesOf(scrape).flatMap(({ final_url }) => final_url ?? []);
  return {
    task_type: 'content_generation',
    topic,
    format: 'blog_post',
    primary_keyword: 'Longhaul',
    target_length: 400,
    tags: ['longhaul', 'architecture'],
    sources: urls.filter((url) => subject.test(new URL(url).pathname)),
  };
}

/**
 * Takes the posts of earlier demos off the public site: the same post would stand there once more each time.
 * @param author who submits the demo's tasks, and sees only content of its own.
 * @returns how many there were.
 */
export async function takeDownFormer(author: ApiClient, editor: ApiClient): Promise<number> {
  const query = new URLSearchParams({ q: topic, limit: '100' });
  const own = await author.get<Content[]>(`/content?${query.toString()}`);
  const former = own.filter((content) => content.topic === topic && content.published_version !== null);
  for (const { content_id: id, version } of former) {
    await editor.unpublish(id, version.etag, { feedback: 'A newer demo takes its place.' });
  }
  return former.length;
}

/**
 * Approves and publishes what a task has written, and looks for it on the public site.
 * @param editor somebody else than the task's owner, who could not approve it.
 * @throws Error when the site does not show it.
 */
export async function publish(editor: ApiClient, generated: Task): Promise<PublishedPost> {
  if (generated.status !== 'SUCCESS') {
    const { status, error } = generated;
    throw new Error(`${generated.task_type} ended as ${status}: ${error?.code} (${error?.message})`);
  }
  const { content_id: id } = generated.result_payload as { content_id: string };
  const { version } = await editor.get<Content>(`/content/${id}`);
  const { links } = await editor.approve(id, version.etag, { publish: true, feedback: 'Approved by the demo.' });
  if (links.page === null) throw new Error(`${id} was published and has no public page.`);
  const { title, sources, quality, number } = version;
  const page = load(await editor.publicPage(links.page));
  const heading = page('h1').text().trim();
  if (heading !== title) throw new Error(`${links.page} shows "${heading}" in place of "${title}".`);
  return {
    ...{ title, version: number, sources: sources.length, quality: quality?.score ?? 0 },
    address: editor.url + links.page,
  };
}

/** The post for people to read. */
export function describePost({ title, sources, quality, version, address }: PublishedPost, editor: string): string {
  return [
    `“${title}”, from ${sources} pages, quality ${quality} of 100.`,
    `${editor}, who did not write it, has approved version ${version} and published it. Everybody can read it at`,
    '',
    `  ${address}`,
  ]
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}

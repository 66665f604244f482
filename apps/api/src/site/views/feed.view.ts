import type { PostSummary } from '@longhaul/content';
import { html } from '../html.js';
import type { Site } from './layout.js';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** RSS 2.0 of the newest posts. */
export function feed({ name, description, address }: Site, posts: readonly PostSummary[]): string {
  const items = posts.map((post) => {
    const url = address.absolute(address.post(post.slug));
    return html` <item>
      <title>${post.title}</title>
      <link>${url}</link>
      <guid isPermaLink="true">${url}</guid>
      <pubDate>${new Date(post.firstPublishedAt).toUTCString()}</pubDate>
      <description>${post.description}</description>
      ${post.tags.map((tag) => html`<category>${tag}</category>`)}
    </item>
`;
  });
  const newest = posts
    .map(({ publishedAt }) => publishedAt)
    .sort()
    .at(-1);
  const document = html`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>${name}</title>
    <link>${address.absolute(address.front)}</link>
    <description>${description}</description>
    <atom:link href="${address.absolute(address.feed)}" rel="self" type="application/rss+xml" />
    ${newest && html`<lastBuildDate>${new Date(newest).toUTCString()}</lastBuildDate>`}
${items}  </channel>
</rss>
`;
  return declaration + document.toString();
}

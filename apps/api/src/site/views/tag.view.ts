import type { PostPage } from '@longhaul/content';
import { html } from '../html.js';
import { cursorOf } from '../post-cursor.js';
import { document, type Site } from './layout.js';
import { older, postList } from './post-list.js';

/** Posts of one topic. */
export function tagPage(site: Site, tag: string, page: PostPage, isFirst: boolean): string {
  const { address } = site;
  const path = address.tag(tag);
  const next = page.next === null ? null : `${address.link(path)}?after=${cursorOf(page.next)}`;
  return document(site, {
    title: tag,
    description: `Articles about ${tag}.`,
    ...(isFirst && { canonical: path }),
    main: html`<div class="narrow">
      <p class="eyebrow">Topic</p>
      <h1 class="page-title" dir="auto">${tag}</h1>
      ${postList(address, page.posts)} ${older(next, 'Earlier articles')}
    </div>`,
  });
}

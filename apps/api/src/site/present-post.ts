import type { FoundPost, Post, PostSummary } from '@longhaul/content';
import type { FoundPostDto, PostDto, PostSummaryDto } from './public-posts.dto.js';
import type { SiteAddress } from './site-address.js';
import { languageTag } from './views/layout.js';

export function presentSummary(address: SiteAddress, post: PostSummary): PostSummaryDto {
  return {
    slug: post.slug,
    title: post.title,
    description: post.description,
    tags: [...post.tags],
    language: languageTag(post.language) ?? null,
    first_published_at: post.firstPublishedAt,
    published_at: post.publishedAt,
    url: address.absolute(address.post(post.slug)),
  };
}

export function presentFound(address: SiteAddress, post: FoundPost): FoundPostDto {
  return { ...presentSummary(address, post), snippet: [...post.snippet] };
}

/** @param html its rendered body. */
export function presentPost(address: SiteAddress, post: Post, html: string): PostDto {
  return {
    ...presentSummary(address, post),
    keywords: [...post.keywords],
    format: post.format,
    body: post.body,
    body_html: html,
    sources: post.sources.map(({ title, url }) => ({ title, url: url ?? null })),
  };
}

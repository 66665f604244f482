import type {
  ContentVersionEntity,
  ListedContent,
  ListedReview,
  ShownContent,
  VersionDiff,
  VersionSummary,
} from '@longhaul/content';
import type {
  ContentDto,
  ContentSummaryDto,
  ListedVersionDto,
  ReviewDto,
  VersionDiffDto,
  VersionDto,
  VersionSummaryDto,
} from './content.dto.js';
import { etagOfVersion } from './if-match.js';

/** An item as its wire body. */
export function presentContent({ item, latest }: ShownContent): ContentDto {
  return { ...presentItem(item), version: latest && presentVersion(latest) };
}

/** An item as lists show it. */
export function presentSummary({ item, latest }: ListedContent): ContentSummaryDto {
  return { ...presentItem(item), version: latest && presentVersionSummary(latest) };
}

function presentItem(item: ShownContent['item']): Omit<ContentSummaryDto, 'version'> {
  const self = `/content/${item.id}`;
  return {
    content_id: item.id,
    owner_id: item.ownerId,
    topic: item.topic,
    format: item.format,
    language: item.language,
    tags: item.tags,
    slug: item.slug,
    published_version: item.publishedVersion,
    created_at: item.createdAt.toISOString(),
    updated_at: item.updatedAt.toISOString(),
    links: {
      self,
      versions: `${self}/versions`,
      reviews: `${self}/reviews`,
      task: `/tasks/${item.id}`,
      page:
        item.publishedVersion === null || item.slug === null ? null : `/site/posts/${encodeURIComponent(item.slug)}`,
    },
  };
}

export function presentVersion(version: ContentVersionEntity): VersionDto {
  const sources = version.sources.map(({ title, url }) => ({ title, url }));
  return { ...presentVersionSummary(version), body: version.body, sources };
}

export function presentVersionSummary(version: VersionSummary): VersionSummaryDto {
  const { seo } = version;
  return {
    number: version.number,
    state: version.state,
    origin: version.origin,
    parent: version.parent,
    author_id: version.authorId,
    task_id: version.taskId,
    reason: version.reason,
    title: version.title,
    seo: seo && { title: seo.title, description: seo.description, keywords: [...seo.keywords] },
    tags: [...version.tags],
    hash: version.hash,
    etag: etagOfVersion(version),
    quality: version.quality && { score: version.quality.score, criteria: [...version.quality.criteria] },
    generator: version.generator,
    created_at: version.createdAt.toISOString(),
  };
}

export function presentDiff(
  from: ContentVersionEntity,
  to: ContentVersionEntity,
  { fields, unified, runs, granularity }: VersionDiff,
): VersionDiffDto {
  return { from: from.number, to: to.number, fields: [...fields], unified, words: [...runs], granularity };
}

/** @param names by the ids of users. */
export function presentListedVersion(version: VersionSummary, names: ReadonlyMap<string, string>): ListedVersionDto {
  return { ...presentVersionSummary(version), author_name: names.get(version.authorId) ?? null };
}

/** @param names by the ids of users. */
export function presentReview(review: ListedReview, names: ReadonlyMap<string, string>): ReviewDto {
  return {
    seq: Number(review.seq),
    content_id: review.itemId,
    version: review.version,
    title: review.title,
    version_hash: review.versionHash,
    decision: review.decision,
    actor_id: review.actorId,
    actor_name: names.get(review.actorId) ?? null,
    reason: review.reason,
    feedback: review.feedback,
    at: review.at.toISOString(),
    previous_hash: review.previousHash,
    hash: review.hash,
  };
}

export { auditContent, type AuditReport } from './audit.js';
export { ContentItemEntity, type ContentBrief } from './content-item.entity.js';
export { ContentReviewEntity } from './content-review.entity.js';
export { contentEntities, ContentModule } from './content.module.js';
export {
  ContentReader,
  type ContentFilter,
  type ListedContent,
  type ListedReview,
  type ReviewFilter,
  type ShownContent,
  type VersionSummary,
} from './content.reader.js';
export { ContentService, type WritingRefusal } from './content.service.js';
export { type Edit } from './content.store.js';
export {
  contentFormats,
  contentStates,
  contentTransitions,
  decisions,
  versionOrigins,
  type ContentFormat,
  type ContentState,
  type Decision,
  type VersionOrigin,
} from './content-state.js';
export { ContentVersionEntity, type GeneratorUse } from './content-version.entity.js';
export { type Change, type Refusal } from './held-content.js';
export { qualityCriteria, type Quality, type QualityCriterion } from './quality.js';
export { hashOfVersion, type ContentSource, type SeoMetadata, type VersionText } from './version-hash.js';
export { noHash } from './review-hash.js';
export { type ChainHead } from './review-rows.js';
export { shownHashLength, type SeenVersion } from './seen-version.js';
export { evaluationKind, revisionKind } from './content-tasks.js';
export { diffVersions, type VersionDiff } from './version-diff.js';
export { listsSources } from './text/markdown-parts.js';
export { PostReader, type PostPage, type PostPosition, type TagCount } from './post.reader.js';
export { PostSearch, type FoundPost, type SearchPage, type SearchPosition, type SnippetPart } from './post.search.js';
export { type Post, type PostSummary } from './published-post.js';
export { SiteEpoch } from './site-epoch.js';
export { isBrokenUrl, isSourceUrl } from './source-material.js';
export { oneLineText, tagText } from './text-rules.js';
export { markdownParser } from './text/markdown-parser.js';
export { contentLanguages, type ContentLanguage } from './text/language.js';

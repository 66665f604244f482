export { ContentItemEntity, type ContentBrief } from './content-item.entity.js';
export { ContentReviewEntity } from './content-review.entity.js';
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
export { qualityCriteria, type Quality, type QualityCriterion } from './quality.js';
export { hashOfVersion, type ContentSource, type SeoMetadata, type VersionText } from './version-hash.js';
export { isSourceUrl } from './source-material.js';
export { contentLanguages, type ContentLanguage } from './text/language.js';

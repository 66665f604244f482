export { DraftStore, type NewItem, type NewVersion } from './draft.store.js';
export { type PipelineAttempt } from './fenced.js';

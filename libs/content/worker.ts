export { ContentWorkerModule } from './content-worker.module.js';
export { DraftStore, type NewItem, type NewVersion } from './draft.store.js';
export { type PipelineAttempt } from './fenced.js';
export { ContentPipelines, type PipelineResult } from './pipeline/content-pipelines.js';
export { type PipelineState } from './pipeline/pipeline.js';

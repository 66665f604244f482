/** A submit of Longhaul's: small, and different each time. */
export const noopBody = '{"task_type":"noop","n":%n}';

/** Items of one batch. */
export const batchItems = 200;
export const noopBatchBody = `[${Array.from({ length: batchItems }, () => noopBody).join()}]`;

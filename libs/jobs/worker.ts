export { CpuPool } from './cpu-pool.js';
export { JobContext, type ContextSink, type ProgressReport } from './job-context.js';
export {
  CancelledError,
  LeaseLostError,
  PermanentError,
  RetryableError,
  ShutdownError,
  TimeoutError,
} from './job-errors.js';
export { JobProcessor } from './job-processor.js';
export { JobRunner } from './job-runner.js';
export { JobsWorkerModule } from './jobs-worker.module.js';
export { LeaseKeeper } from './lease-keeper.js';
export { OnceRuntime } from './once-runtime.js';
export { slotOptions } from './queue.js';
export { Reconciler, type Round } from './reconciler.js';
export { PROCESSORS, WorkerRuntime } from './worker-runtime.js';

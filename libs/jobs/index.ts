export { DependencyMetrics } from './dependency-metrics.js';
export { FailedJobs, type GroupAnswer, type GroupChange } from './failed-jobs.js';
export { type FailedGroup, type FailedPosition } from './failed-jobs.reader.js';
export { engineErrorCodes } from './job-errors.js';
export {
  jobEventTypes,
  logLevels,
  statusAfter,
  type JobError,
  type JobEvent,
  type JobEventType,
  type JobProgress,
  type LogLevel,
} from './job-event.js';
export { countedJobs, type JobCounts } from './job-counts.js';
export { JobFeed } from './job-feed.js';
export { JobLog, type LogEntry } from './job-log.js';
export { isTerminal, jobStatuses, terminalStatuses, transitions, type JobStatus } from './job-status.js';
export { JobEntity } from './job.entity.js';
export { endOf, type LogEnd, type LogPosition } from './log-position.js';
export { type LogEvent } from './log.reader.js';
export { type JobFilter } from './job-page.js';
export { type FeedEvent, type LogLine, type ShownJob } from './job.reader.js';
export { JobsModule } from './jobs.module.js';
export { JobsService, type NoRoom, type SubmitAnswer, type SubmitRequest } from './jobs.service.js';
export { defineKind, KINDS, type InputProblem, type KindDefinition, type KindRegistry } from './kind.js';
export { Overviews, overviewWindows, type Overview, type OverviewWindow } from './overviews.js';
export { type BreakerSeen, type BucketCounts, type KindOverview, type WorkerSeen } from './overview.reader.js';
export { PausedKinds, type PausedKind } from './paused-kinds.js';
export { boardPath, QueueBoard } from './queue-board.js';
export { QueueHealth } from './queue-health.js';
export { QueueSignals, signalFields, type Alert, type KindSignals } from './queue-signals.js';
export { beyondCount, type PlaceInLine } from './waiting-line.js';
export { RunningByHost } from './running-by-host.js';

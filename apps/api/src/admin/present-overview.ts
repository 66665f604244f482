import type { BucketCounts, Overview, WorkerSeen } from '@longhaul/jobs';
import type { BreakerDto, KindOverviewDto, OverviewBucketDto, OverviewDto, WorkerDto } from './overview.dto.js';

/** @param names of users by id. */
export function presentOverview(overview: Overview, names: ReadonlyMap<string, string>): OverviewDto {
  return {
    generated_at: overview.generatedAt.toISOString(),
    window_seconds: overview.windowSeconds,
    bucket_seconds: overview.bucketSeconds,
    kinds: overview.kinds.map((kind) => presentKind(kind, names)),
    workers: overview.workers.map(presentWorker),
    breakers: overview.breakers.map(({ host, state, since, seenBy }) => ({
      ...{ host, state: state as BreakerDto['state'] },
      ...{ since: since.toISOString(), seen_by: seenBy },
    })),
  };
}

function presentKind(kind: Overview['kinds'][number], names: ReadonlyMap<string, string>): KindOverviewDto {
  return {
    task_type: kind.kind,
    ...presentPause(kind.paused, names),
    pending: kind.pending,
    running: kind.running,
    oldest_pending_seconds: kind.oldestPendingSeconds,
    wait_ms: kind.waitMs,
    run_ms: kind.runMs,
    buckets: kind.buckets.map(presentBucket),
  };
}

function presentPause(paused: Overview['kinds'][number]['paused'], names: ReadonlyMap<string, string>) {
  if (paused === null) return { paused: false };
  const { pausedBy, pausedAt, reason } = paused;
  const name = names.get(pausedBy);
  return {
    ...{ paused: true, paused_by: pausedBy, paused_at: pausedAt.toISOString() },
    ...(name !== undefined && { paused_by_name: name }),
    ...(reason !== null && { paused_reason: reason }),
  };
}

function presentBucket({ at, ...counts }: BucketCounts): OverviewBucketDto {
  return { at: at.toISOString(), ...counts };
}

function presentWorker(worker: WorkerSeen): WorkerDto {
  return {
    worker_id: worker.workerId,
    host: worker.host,
    started_at: worker.startedAt.toISOString(),
    seen_at: worker.seenAt.toISOString(),
    task_types: [...worker.kinds],
    running: worker.running.map(({ id, kind, attempt, startedAt }) => ({
      ...{ task_id: id, task_type: kind, attempt },
      started_at: startedAt.toISOString(),
    })),
  };
}

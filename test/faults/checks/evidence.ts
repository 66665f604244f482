import type { Config } from '@longhaul/config';
import type { JobEventType, JobStatus } from '@longhaul/jobs';
import type { Blow } from '../fault.js';
import type { Accepted } from '../load/ledger.js';
import type { Absence, Exit } from '../stage/app.js';
import type { Stage } from '../stage/stage.js';
import type { CpuReading } from '../watch/cpu-meter.js';
import type { LaneRecord } from '../watch/lane-watch.js';
import type { EffectCall } from '../watch/effect-sink.js';
import type { Probe } from '../watch/probes.js';
import type { Usurpation } from '../watch/leaders.js';
import type { Recording } from '../watch/stream-recorder.js';

export interface EventRow {
  readonly seq: number;
  readonly type: JobEventType;
  readonly actor: string;
  readonly data: { readonly fence?: number; readonly attempt?: number; readonly delay_ms?: number } | null;
  /** Wall-clock milliseconds. */
  readonly at: number;
}

/** A job as the database has it in the end, with its whole history. */
export interface JobRow {
  readonly id: string;
  readonly ownerId: string;
  /** The client's name for it, which Longhaul only stores: another place than the column that it looks keys up in. */
  readonly key: string;
  readonly status: JobStatus;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly recoveries: number;
  readonly lastSeq: number;
  readonly leased: boolean;
  readonly errorCode: string | null;
  readonly events: readonly EventRow[];
}

/** What became of one app's processes. */
export interface AppRecord {
  readonly name: string;
  readonly absences: readonly Absence[];
  readonly accidents: readonly Exit[];
  readonly logLinesPerSecond: number;
  readonly handlesBefore: number;
  readonly handlesAfter: number;
  /** It was one and the same process before the load and after it. */
  readonly livedThrough: boolean;
  /** Bytes. */
  readonly residentBefore: number;
  readonly residentAfter: number;
}

/** Everything that was seen of one fault: the database, and what the harness itself recorded. */
export interface Evidence {
  readonly config: Config;
  readonly accepted: readonly Accepted[];
  readonly jobs: ReadonlyMap<string, JobRow>;
  /** Acknowledged cancels. */
  readonly cancelled: ReadonlySet<string>;
  readonly wrongAnswers: readonly string[];
  readonly effects: readonly EffectCall[];
  readonly recordings: readonly Recording[];
  /** What a client of the stream of all tasks got: numbers of events, by task. */
  readonly log: ReadonlyMap<string, readonly number[]>;
  /** Whoever led although another one's lease had not run out. */
  readonly usurpations: readonly Usurpation[];
  /** See Fault. */
  readonly orderly: boolean;
  readonly probes: readonly Probe[];
  readonly cpu: readonly CpuReading[];
  readonly apps: readonly AppRecord[];
  readonly blows: readonly Blow[];
  /** Ends that should have been in order, and were not. */
  readonly disorderly: readonly string[];
  /** How processes may end by themselves. */
  readonly crashes: readonly Exit[];
  readonly connectionsBefore: number;
  readonly connectionsAfter: number;
  /** Of all processes, those of the isolation lane too, in bytes. */
  readonly residentBefore: number;
  readonly residentAfter: number;
  readonly lanes: readonly LaneRecord[];
  /** Processes that were still there when all apps had ended and their lanes had had their time. */
  readonly outlivers: readonly number[];
  /** The most processes that wanted to run, for each CPU (one minute's mean). */
  readonly crowding: number;
}

/** Reads every job with its events. */
export async function readJobs(stage: Stage): Promise<Map<string, JobRow>> {
  const rows = await stage.sql<Omit<JobRow, 'events'>>(
    `SELECT id, owner_id AS "ownerId", metadata ->> 'key' AS key, status, attempts, max_attempts AS "maxAttempts", recoveries,
            last_seq AS "lastSeq", lease_expires_at IS NOT NULL AS leased, error ->> 'code' AS "errorCode"
     FROM jobs`,
  );
  const events = await stage.sql<EventRow & { readonly jobId: string }>(
    `SELECT job_id AS "jobId", seq, type, actor, CASE WHEN type <> 'progress' THEN data END AS data,
            (extract(epoch FROM at) * 1000)::float8 AS at
     FROM job_events ORDER BY job_id, seq`,
  );
  const byJob = Map.groupBy(events, ({ jobId }) => jobId);
  return new Map(rows.map((row) => [row.id, { ...row, events: byJob.get(row.id) ?? [] }]));
}

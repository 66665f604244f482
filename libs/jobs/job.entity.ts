import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JobError, JobProgress } from './job-event.js';
import type { JobStatus } from './job-status.js';

/** One row of `jobs`: the truth about a job. All SQL on it stands in job.store.ts. */
@Entity('jobs')
export class JobEntity {
  /** UUID v7, so ids sort by time of creation. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  kind: string;

  @Column('text')
  status: JobStatus;

  @Column('text', { name: 'owner_id' })
  ownerId: string;

  @Column('jsonb')
  input: Record<string, unknown>;

  @Column('jsonb', { nullable: true })
  result: Record<string, unknown> | null;

  @Column('jsonb', { nullable: true })
  error: JobError | null;

  @Column('jsonb')
  metadata: Record<string, unknown>;

  @Column('jsonb', { nullable: true })
  progress: JobProgress | null;

  @Column('jsonb', { nullable: true })
  checkpoint: unknown;

  @Column('integer')
  priority: number;

  @Column('timestamptz', { name: 'run_at' })
  runAt: Date;

  @Column('integer', { name: 'timeout_seconds' })
  timeoutSeconds: number;

  @Column('timestamptz', { name: 'deadline_at', nullable: true })
  deadlineAt: Date | null;

  @Column('integer')
  attempts: number;

  @Column('integer', { name: 'max_attempts' })
  maxAttempts: number;

  @Column('integer')
  recoveries: number;

  /** Goes up with every claim and never down: what an older attempt writes is refused. */
  @Column('integer')
  fence: number;

  @Column('uuid', { name: 'claim_nonce', nullable: true })
  claimNonce: string | null;

  @Column('timestamptz', { name: 'lease_expires_at', nullable: true })
  leaseExpiresAt: Date | null;

  @Column('text', { name: 'worker_id', nullable: true })
  workerId: string | null;

  /** `seq` of the newest event. */
  @Column('integer', { name: 'last_seq' })
  lastSeq: number;

  /** Number of the doorbell now in force. */
  @Column('integer')
  dispatch: number;

  @Column('timestamptz', { name: 'enqueued_at' })
  enqueuedAt: Date;

  @Column('text', { name: 'idempotency_key', nullable: true })
  idempotencyKey: string | null;

  @Column('text', { name: 'request_hash', nullable: true })
  requestHash: string | null;

  @Column('text', { nullable: true })
  traceparent: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  /** When an admin decided that this failure needs nothing more; null again after a requeue. */
  @Column('timestamptz', { name: 'discarded_at', nullable: true })
  discardedAt: Date | null;
}

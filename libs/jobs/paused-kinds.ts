import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Doorbells, enoughDoorbells } from './doorbells.js';
import { JobEntity } from './job.entity.js';
import { JobReader } from './job.reader.js';
import { RunningLimits } from './running-limits.js';

/** A kind whose jobs are accepted and wait, until it is resumed. */
export interface PausedKind {
  readonly kind: string;
  /** Why, if somebody said it. */
  readonly reason: string | null;
  /** Id of who paused it. */
  readonly pausedBy: string;
  readonly pausedAt: Date;
}

const columns = `kind, reason, paused_by AS "pausedBy", paused_at AS "pausedAt"`;

/**
 * Pauses and resumes kinds. Claims look at the table by themselves, so a pause holds from the next claim on; what runs
 * goes on. Each change is noted among the admins' actions by the statement that makes it.
 */
@Injectable()
export class PausedKinds {
  constructor(
    @InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>,
    private readonly reader: JobReader,
    private readonly doorbells: Doorbells,
    private readonly limits: RunningLimits,
  ) {}

  /** By name. */
  async all(): Promise<ReadonlyMap<string, PausedKind>> {
    const rows = await this.jobs.query<PausedKind[]>(`SELECT ${columns} FROM paused_kinds ORDER BY kind`);
    return new Map(rows.map((row) => [row.kind, row]));
  }

  /** A kind that is paused already stays as it is, with the reason that was given then. */
  async pause(kind: string, reason: string | null, actor: string): Promise<PausedKind | null> {
    await this.jobs.query(
      `WITH made AS (
         INSERT INTO paused_kinds (kind, reason, paused_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
         RETURNING kind, reason, paused_by
       )
       INSERT INTO admin_actions (actor, action, subject, data)
       SELECT paused_by, 'kind_paused', kind, jsonb_build_object('reason', reason) FROM made`,
      [kind, reason, actor],
    );
    // Null: somebody has resumed it in this very moment.
    return (await this.all()).get(kind) ?? null;
  }

  /** A kind that is not paused stays as it is. What waits is rung for at once. */
  async resume(kind: string, actor: string): Promise<void> {
    const [row] = await this.jobs.query<{ resumed: boolean }[]>(
      `WITH gone AS (DELETE FROM paused_kinds WHERE kind = $1 RETURNING kind, paused_at), noted AS (
         INSERT INTO admin_actions (actor, action, subject, data)
         SELECT $2, 'kind_resumed', kind, jsonb_build_object('paused_at', paused_at) FROM gone
       )
       SELECT EXISTS (SELECT FROM gone) AS resumed`,
      [kind, actor],
    );
    if (row?.resumed) await this.ringBacklog(kind);
  }

  /** Best effort, after the commit. Under the numbers of the last rings: those that are still in the queue stay alone. */
  private async ringBacklog(kind: string): Promise<void> {
    const room = { perOwner: this.limits.perOwner, perKind: this.limits.perKind(kind) };
    const due = await this.reader.due({ kind, lane: 'any', ...room }, 0, enoughDoorbells).catch(() => []);
    await this.doorbells.ring(due.map(({ id: jobId, dispatch }) => ({ jobId, kind, dispatch, delayMs: 0 })));
  }
}

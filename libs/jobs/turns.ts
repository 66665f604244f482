import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { bulkhead } from 'cockatiel';
import { Repository } from 'typeorm';
import { Collector } from '@longhaul/persistence';
import { ClaimStore, type ClaimedJob, type ClaimRequest } from './claim.store.js';
import { Doorbells } from './doorbells.js';
import { JobEntity } from './job.entity.js';
import { KINDS, type KindRegistry } from './kind.js';
import { ofLane } from './lane.js';
import { notPaused } from './not-paused.js';
import type { Ring } from './queue.js';
import { RunningLimits } from './running-limits.js';

/** Claims of one statement. */
const mostClaims = 100;

/** Whose turn it is: takes the next job within the limits, and passes room on that a job has left. */
@Injectable()
export class Turns {
  /** By kind: one statement at a time of each is enough, and two would look at the same jobs. */
  private readonly collected = new Map<string, Collector<string, ClaimedJob | null>>();
  /** By kind, the owner that this process served last. The others are served before it has its next turn. */
  private readonly servedLast = new Map<string, string>();
  /** Claims within a limit wait for each other in the database, and must not hold every connection meanwhile. */
  private readonly oneByOne = bulkhead(1, Number.POSITIVE_INFINITY);
  private closed = false;

  constructor(
    @InjectRepository(JobEntity) private readonly jobs: Repository<JobEntity>,
    private readonly claims: ClaimStore,
    private readonly limits: RunningLimits,
    private readonly doorbells: Doorbells,
    @Inject(KINDS) private readonly kinds: KindRegistry,
  ) {}

  /** The next job of a kind; null when there is none, or no room for one. Claims of one moment are made together. */
  take(request: Omit<ClaimRequest, 'perOwner' | 'perKind' | 'after'>, nonce: string): Promise<ClaimedJob | null> {
    const { kind } = request;
    let claims = this.collected.get(kind);
    if (claims === undefined) {
      claims = new Collector((nonces) => this.takeMany(request, nonces), mostClaims, 1);
      this.collected.set(kind, claims);
    }
    return claims.add(nonce);
  }

  /** Claims that still wait for their turn find nothing. */
  close(): void {
    this.closed = true;
  }

  private async takeMany(
    request: Omit<ClaimRequest, 'perOwner' | 'perKind' | 'after'>,
    nonces: readonly string[],
  ): Promise<(ClaimedJob | null)[]> {
    const { kind } = request;
    const { perOwner } = this.limits;
    const perKind = this.limits.perKind(kind);
    const after = this.servedLast.get(kind) ?? '';
    const claim = () => (this.closed ? [] : this.claims.claimMany({ ...request, perOwner, perKind, after }, nonces));
    const jobs = await (this.limits.apply(kind) ? this.oneByOne.execute(claim) : claim());
    this.servedLast.set(kind, jobs.at(-1)?.ownerId ?? after);
    return nonces.map((_, index) => jobs[index] ?? null);
  }

  /**
   * Where only so many may run, the end of a job makes room for another one, whose doorbell has perhaps found none. Its
   * slot goes on with jobs of its kind by itself; for the others somebody must ring. Under the number of the last ring:
   * a doorbell that is still in the queue stays the only one.
   * @param slot `ends`: it does not go on, so the next job of its kind is rung for too.
   */
  async pass({ ownerId, kind }: Pick<JobEntity, 'ownerId' | 'kind'>, slot: 'goes on' | 'ends'): Promise<void> {
    if (!this.limits.apply(kind)) return;
    const others = this.limits.perOwner > 0 ? [...this.kinds.keys()].filter((other) => other !== kind) : [];
    const next = (which: string) =>
      `SELECT id AS "jobId", kind, dispatch, 0 AS "delayMs" FROM jobs
       WHERE status = 'PENDING' AND run_at <= now() ${ofLane.main} AND ${which}
       ORDER BY priority DESC, run_at, id LIMIT 1`;
    // Kind by kind, each the first in its index: an owner may have thousands.
    const rings = await this.jobs.query<Ring[]>(
      `SELECT mine.* FROM unnest($2::text[]) AS other(kind)
       CROSS JOIN LATERAL (${next('owner_id = $1 AND jobs.kind = other.kind')}) mine
       WHERE ${notPaused('other.kind')}
       UNION ALL (${next(`$4 = 'ends' AND kind = $3 AND ${notPaused('$3')}`)})`,
      [ownerId, others, kind, slot],
    );
    await this.doorbells.ring(rings);
  }
}

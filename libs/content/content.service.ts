import { Inject, Injectable, Logger } from '@nestjs/common';
import { isSecondPerson } from '@longhaul/auth';
import { CONFIG, type Config } from '@longhaul/config';
import type { NoRoom } from '@longhaul/jobs';
import { count } from '@longhaul/telemetry';
import { ContentReader } from './content.reader.js';
import { ContentStore, type Edit, type Written } from './content.store.js';
import { ContentTasks } from './content-tasks.js';
import { DecisionStore, type Decided, type Verdict } from './decision.store.js';
import type { Change, FollowUp, Refusal } from './held-content.js';
import { SiteEpoch } from './site-epoch.js';
import { mostVersions } from './version-limit.js';

/** What a reviewer says beside a decision. */
export interface Remarks {
  readonly feedback?: string | undefined;
}

export interface Rejection extends Remarks {
  readonly reason: string;
  /** Whether a task is to write a new version by the reason and the feedback. */
  readonly revise: boolean;
}

/** Why a version was not written. */
export type WritingRefusal =
  | Refusal
  /** The item's owner, or everybody, has too many unfinished tasks for one more that judges the version. */
  | NoRoom
  /** The item has {@link mostVersions}. */
  | { readonly outcome: 'too_many_versions' };

export type Done = { readonly outcome: 'done' };
export type Rejected = Done & {
  /** The task that revises; null: none was wanted. */
  readonly revisionId: string | null;
};

/** What people do with content: edits, and decisions on versions. Who may ask for what is the caller's to check. */
@Injectable()
export class ContentService {
  private readonly logger = new Logger('ReviewChain');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly store: ContentStore,
    private readonly decisions: DecisionStore,
    private readonly tasks: ContentTasks,
    private readonly epoch: SiteEpoch,
    private readonly reader: ContentReader,
  ) {}

  edit(change: Change, edit: Edit): Promise<Done | WritingRefusal> {
    return this.write(change, () => this.store.edit(change, edit, this.judge(change)));
  }

  rollback(change: Change, to: { readonly version: number; readonly reason: string }): Promise<Done | WritingRefusal> {
    return this.write(change, () => this.store.rollback(change, to, this.judge(change)));
  }

  /** @param publish whether to publish it at once. */
  approve(change: Change, { feedback, publish }: Remarks & { readonly publish: boolean }): Promise<Decided | Refusal> {
    const mayDecide: Verdict['mayDecide'] = (text) =>
      !this.config.REVIEW_FOUR_EYES || isSecondPerson(change.actorId, text);
    const decisions = publish ? (['approved', 'published'] as const) : (['approved'] as const);
    return this.decide(change, { decisions, reason: null, feedback: feedback ?? null, mayDecide });
  }

  /** Rejects, and submits the revision with it; who repeats the call with `revise` gets the same task. */
  async reject(change: Change, { reason, feedback, revise }: Rejection): Promise<Rejected | Refusal> {
    const decided = await this.decide(change, {
      decisions: ['rejected'],
      reason,
      feedback: feedback ?? null,
      ...(revise && {
        followUp: (manager, { item, version, reviews: [review] }) =>
          this.tasks.revise(manager, { item, version, traceparent: change.traceparent }, review),
      }),
    });
    return decided.outcome === 'done' ? { outcome: 'done', revisionId: decided.task?.id ?? null } : decided;
  }

  publish(change: Change, { feedback }: Remarks): Promise<Decided | Refusal> {
    return this.decide(change, {
      decisions: ['published'],
      reason: null,
      feedback: feedback ?? null,
    });
  }

  unpublish(change: Change, { feedback }: Remarks): Promise<Decided | Refusal> {
    return this.decide(change, {
      decisions: ['unpublished'],
      reason: null,
      feedback: feedback ?? null,
    });
  }

  /** A version may start a task that judges it: of those of an item, that of the newest version alone stays unfinished. */
  private async write(change: Change, work: () => Promise<Written | Refusal>): Promise<Done | WritingRefusal> {
    // Whoever has not seen the newest version is refused by the store.
    if (change.seen.number >= mostVersions) return { outcome: 'too_many_versions' };
    const owner = await this.reader.owner(change.itemId);
    if (owner === null) return { outcome: 'missing' };
    const answer = await this.tasks.withRoom(owner.ownerId, work);
    if (answer.outcome !== 'done') return answer;
    if (change.seen.state === 'AWAITING_APPROVAL') {
      // Committed is committed: an evaluation that is not dropped ends by itself.
      await this.tasks.dropEvaluation(answer.item, change.seen.number, change.actorId).catch((error: unknown) => {
        this.logger.warn({ err: error }, 'The evaluation of a superseded version was not dropped');
      });
    }
    return this.announced(answer);
  }

  private async decide(change: Change, verdict: Verdict): Promise<Decided | Refusal> {
    const answer = await this.decisions.decide(change, verdict);
    if (answer.outcome === 'done' && !answer.repeated) {
      // A chain does not see that its end was cut off; a line that left the database does.
      for (const { seq, hash } of answer.reviews) this.logger.log({ seq, hash }, 'Head of the approval history');
      for (const decision of verdict.decisions) count('longhaul_content_reviews_total', { decision });
      const newest = answer.reviews.at(-1);
      const changesSite = newest?.decision === 'published' || newest?.decision === 'unpublished';
      if (changesSite) await this.epoch.advance(BigInt(newest.seq));
    }
    return this.announced(answer);
  }

  private judge({ traceparent }: Change): FollowUp<Omit<Written, 'task'>> {
    return (manager, { item, version }) => this.tasks.evaluate(manager, { item, version, traceparent });
  }

  private announced<Answer extends Refusal | Written | Decided>(answer: Answer): Answer {
    if (answer.outcome === 'done' && answer.task !== null) this.tasks.announce([answer.task]);
    return answer;
  }
}

import { Inject, Injectable, Logger } from '@nestjs/common';
import { isSecondPerson } from '@longhaul/auth';
import { CONFIG, type Config } from '@longhaul/config';
import { count } from '@longhaul/telemetry';
import { ContentStore, type Change, type Decided, type Edit, type Refusal, type Verdict } from './content.store.js';
import { Revisions, type RevisionRefusal } from './revisions.js';

/** What a reviewer says beside a decision. */
export interface Remarks {
  readonly feedback?: string | undefined;
}

export interface Rejection extends Remarks {
  readonly reason: string;
  /** Whether a task is to write a new version by the reason and the feedback. */
  readonly revise: boolean;
}

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
    private readonly revisions: Revisions,
  ) {}

  edit(change: Change, edit: Edit): Promise<Done | Refusal> {
    return this.store.edit(change, edit);
  }

  rollback(change: Change, to: { readonly version: number; readonly reason: string }): Promise<Done | Refusal> {
    return this.store.rollback(change, to);
  }

  /** @param publish whether to publish it at once. */
  approve(change: Change, { feedback, publish }: Remarks & { readonly publish: boolean }): Promise<Decided | Refusal> {
    const mayDecide: Verdict['mayDecide'] = (version) =>
      !this.config.REVIEW_FOUR_EYES || isSecondPerson(change.actorId, version);
    const decisions = publish ? (['approved', 'published'] as const) : (['approved'] as const);
    return this.decide(change, { decisions, reason: null, feedback: feedback ?? null, mayDecide });
  }

  /**
   * The rejection stands when its revision is refused, because there are too many unfinished tasks: who repeats the call
   * then only starts the revision.
   */
  async reject(change: Change, rejection: Rejection): Promise<Rejected | Refusal | RevisionRefusal> {
    const { reason, feedback, revise } = rejection;
    const decided = await this.decide(change, {
      decisions: ['rejected'],
      reason,
      feedback: feedback ?? null,
      mayDecide: anybody,
    });
    if (decided.outcome !== 'done') return decided;
    if (!revise) return { outcome: 'done', revisionId: null };
    return this.revisions.start(decided);
  }

  publish(change: Change, { feedback }: Remarks): Promise<Decided | Refusal> {
    return this.decide(change, {
      decisions: ['published'],
      reason: null,
      feedback: feedback ?? null,
      mayDecide: anybody,
    });
  }

  unpublish(change: Change, { feedback }: Remarks): Promise<Decided | Refusal> {
    return this.decide(change, {
      decisions: ['unpublished'],
      reason: null,
      feedback: feedback ?? null,
      mayDecide: anybody,
    });
  }

  private async decide(change: Change, verdict: Verdict): Promise<Decided | Refusal> {
    const answer = await this.store.decide(change, verdict);
    if (answer.outcome === 'done' && !answer.repeated) {
      // A chain does not see that its end was cut off; a line that left the database does.
      for (const { seq, hash } of answer.reviews) this.logger.log({ seq, hash }, 'Head of the approval history');
      for (const decision of verdict.decisions) count('longhaul_content_reviews_total', { decision });
    }
    return answer;
  }
}

const anybody = () => true;

import { Inject, Injectable } from '@nestjs/common';
import { JobsService, KINDS, type KindRegistry, type SubmitAnswer } from '@longhaul/jobs';
import { currentTraceparent } from '@longhaul/telemetry';
import type { Decided } from './content.store.js';

/** Kind of the tasks that write a new version of a rejected one: input `{ content_id, version, instructions }`. */
export const revisionKind = 'content_revision';

/** Too many unfinished tasks: of the item's owner, or of everybody. */
export type RevisionRefusal = Extract<SubmitAnswer, { readonly outcome: 'owner_full' | 'full' }>;

/** Stands in no Idempotency-Key that a client can send. */
const ownKey = '\u001f';

/** Submits the tasks that revise what was rejected. */
@Injectable()
export class Revisions {
  constructor(
    @Inject(KINDS) private readonly kinds: KindRegistry,
    private readonly jobs: JobsService,
  ) {}

  /** Starts the revision of a rejected version, in the name of the item's owner; done again, it finds the same task. */
  async start({
    item,
    version,
    reviews: [review],
  }: Decided): Promise<{ readonly outcome: 'done'; readonly revisionId: string } | RevisionRefusal> {
    const kind = this.kinds.get(revisionKind);
    if (kind === undefined) throw new Error(`There is no kind "${revisionKind}".`);
    const instructions = [review.reason, review.feedback].filter((text) => text !== null).join('\n\n');
    const answer = await this.jobs.submit({
      kind: kind.name,
      ownerId: item.ownerId,
      input: { content_id: item.id, version: version.number, instructions },
      ...{ metadata: {}, priority: 0, timeoutSeconds: kind.timeoutSeconds, maxAttempts: kind.maxAttempts },
      ...{ runAt: null, traceparent: currentTraceparent() },
      idempotencyKey: `${ownKey}revise:${item.id}:${version.number}`,
      requestHash: version.hash,
    });
    switch (answer.outcome) {
      case 'created':
      case 'replayed':
        return { outcome: 'done', revisionId: answer.job.id };
      case 'owner_full':
      case 'full':
        return answer;
      case 'key_reused':
        throw new Error(`Another request has used the key of the revision of ${item.id}.`);
    }
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { JobsService, KINDS, type JobEntity, type KindRegistry, type NoRoom } from '@longhaul/jobs';
import type { EntityManager } from 'typeorm';
import type { ContentItemEntity } from './content-item.entity.js';
import type { ContentReviewEntity } from './content-review.entity.js';
import type { ContentVersionEntity } from './content-version.entity.js';

/** Kind of the tasks that write a new version of a rejected one: input `{ content_id, version, instructions }`. */
export const revisionKind = 'content_revision';
/** Kind of the tasks that judge a version: input `{ content_id, version }`. */
export const evaluationKind = 'content_evaluation';

/** Stands in no Idempotency-Key that a client can send. */
const ownKey = '\u001f';

interface Concerned {
  readonly item: ContentItemEntity;
  readonly version: ContentVersionEntity;
  /** W3C traceparent of the request that it follows from. */
  readonly traceparent: string | null;
}

/**
 * The tasks that follow from what people do with content, in the name of the item's owner. Each is written by the
 * transaction of what it follows from, so neither is there without the other; asked for again, it is the same task.
 */
@Injectable()
export class ContentTasks {
  constructor(
    @Inject(KINDS) private readonly kinds: KindRegistry,
    private readonly jobs: JobsService,
  ) {}

  /** Revises a rejected version as its review asks for. */
  revise(manager: EntityManager, concerned: Concerned, review: ContentReviewEntity): Promise<JobEntity> {
    const instructions = [review.reason, review.feedback].filter((text) => text !== null).join('\n\n');
    return this.submit(manager, revisionKind, 'revise', concerned, { instructions });
  }

  /** Judges a version that a person wrote. */
  evaluate(manager: EntityManager, concerned: Concerned): Promise<JobEntity> {
    return this.submit(manager, evaluationKind, 'evaluate', concerned, {});
  }

  /** Does what may start a task of this owner, unless too many of his are unfinished. */
  withRoom<Answer>(ownerId: string, work: () => Promise<Answer>): Promise<Answer | NoRoom> {
    return this.jobs.withRoom(ownerId, work);
  }

  /** Of a version that gave way to a newer one nobody needs the verdict any more. */
  dropEvaluation(item: ContentItemEntity, version: number, actor: string): Promise<void> {
    return this.jobs.cancelByKey(item.ownerId, keyOf('evaluate', item.id, version), actor);
  }

  /** After the commit: lets workers and watchers know. */
  announce(tasks: readonly JobEntity[]): void {
    this.jobs.announce(tasks);
  }

  private submit(
    manager: EntityManager,
    name: string,
    verb: string,
    { item, version, traceparent }: Concerned,
    input: Record<string, unknown>,
  ): Promise<JobEntity> {
    const kind = this.kinds.get(name);
    if (kind === undefined) throw new Error(`There is no kind "${name}".`);
    return this.jobs.submitWithin(manager, {
      kind: kind.name,
      ownerId: item.ownerId,
      input: { content_id: item.id, version: version.number, ...input },
      ...{ metadata: {}, priority: 0, timeoutSeconds: kind.timeoutSeconds, maxAttempts: kind.maxAttempts },
      ...{ runAt: null, traceparent },
      idempotencyKey: keyOf(verb, item.id, version.number),
      requestHash: version.hash,
    });
  }
}

function keyOf(verb: string, itemId: string, version: number): string {
  return `${ownKey}${verb}:${itemId}:${version}`;
}

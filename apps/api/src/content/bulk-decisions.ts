import { Injectable } from '@nestjs/common';
import type { Principal } from '@longhaul/auth';
import { ContentReader, ContentService, type Refusal } from '@longhaul/content';
import { checkJsonHygiene } from '../http/json-hygiene.js';
import { invalidBody, noSuchContent, Problem } from '../problems/problem.js';
import { toProblem } from '../problems/to-problem.js';
import { checkAgainst } from '../validation/contract-validation.pipe.js';
import { BulkDecisionDto } from './content-changes.dto.js';
import { doneOrRefused } from './content-refusals.js';
import type { ContentSummaryDto } from './content.dto.js';
import { readTag } from './if-match.js';
import { presentSummary } from './present-content.js';

/** Most decisions of one call. */
export const maxBulkItems = 100;

/** Who decides, and in which trace. */
interface Decider {
  readonly principal: Principal;
  readonly traceparent: string;
}

/** Takes many decisions, each by itself. */
@Injectable()
export class BulkDecisions {
  constructor(
    private readonly content: ContentService,
    private readonly reader: ContentReader,
  ) {}

  /**
   * One answer an item, in their order: the item as it is when all are done, or why it was refused.
   * @throws Problem when the body is no list of items; nothing has been decided then.
   */
  async take(body: unknown, by: Decider): Promise<(ContentSummaryDto | Problem)[]> {
    const items: unknown[] = Array.isArray(body) ? body : [];
    if (items.length < 1 || items.length > maxBulkItems) {
      throw invalidBody([{ pointer: '', detail: `must be an array of 1 to ${maxBulkItems} decisions` }]);
    }
    const answers: (string | Problem)[] = [];
    // One after the other: two decisions on one item come in the order in which they stand.
    for (const item of items) answers.push(await this.takeOne(item, by).catch(toProblem));
    return this.shown(answers);
  }

  /** @returns the id of the item. @throws Problem. */
  private async takeOne(item: unknown, by: Decider): Promise<string> {
    const decision = await readDecision(item);
    const itemId = decision.content_id.toLowerCase();
    doneOrRefused(await this.decide(itemId, decision, by));
    return itemId;
  }

  private decide(
    itemId: string,
    { decision, etag, feedback, reason, publish = false, revise = true }: BulkDecisionDto,
    { principal, traceparent }: Decider,
  ): Promise<{ readonly outcome: 'done' } | Refusal> {
    const change = { itemId, actorId: principal.subject, seen: readTag(etag), traceparent };
    switch (decision) {
      case 'approve':
        return this.content.approve(change, { feedback, publish });
      case 'reject':
        return this.content.reject(change, { reason: reason ?? '', feedback, revise });
      case 'publish':
        return this.content.publish(change, { feedback });
      case 'unpublish':
        return this.content.unpublish(change, { feedback });
    }
  }

  private async shown(answers: readonly (string | Problem)[]): Promise<(ContentSummaryDto | Problem)[]> {
    const ids = answers.filter((answer) => typeof answer === 'string');
    const summaries = await this.reader.summaries(ids);
    let next = 0;
    return answers.map((answer) => {
      if (typeof answer !== 'string') return answer;
      const summary = summaries[next++];
      return summary == null ? noSuchContent() : presentSummary(summary);
    });
  }
}

/** @throws Problem `validation_failed`. */
async function readDecision(item: unknown): Promise<BulkDecisionDto> {
  checkJsonHygiene(item);
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw invalidBody([{ pointer: '', detail: 'must be an object' }]);
  }
  const { instance, errors } = await checkAgainst(BulkDecisionDto, item as Record<string, unknown>);
  const { decision, reason, publish, revise } = instance;
  const unfit = [
    ...(decision === 'reject' && reason === undefined ? [{ pointer: '/reason', detail: 'is required' }] : []),
    ...(decision !== 'reject' && reason !== undefined ? [onlyFor('/reason', 'reject')] : []),
    ...(decision !== 'reject' && revise !== undefined ? [onlyFor('/revise', 'reject')] : []),
    ...(decision !== 'approve' && publish !== undefined ? [onlyFor('/publish', 'approve')] : []),
  ];
  if (errors.length + unfit.length > 0) throw invalidBody([...errors, ...unfit]);
  return instance;
}

const onlyFor = (pointer: string, decision: string) => ({ pointer, detail: `is for ${decision} only` });

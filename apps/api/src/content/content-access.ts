import { Injectable } from '@nestjs/common';
import { mayEditContent, mayReadContent, mayReviewContent, type Decision, type Principal } from '@longhaul/auth';
import { ContentReader, type ShownContent } from '@longhaul/content';
import { noSuchContent, Problem } from '../problems/problem.js';

/** Finds content for callers: what they may not see is not there. */
@Injectable()
export class ContentAccess {
  constructor(private readonly reader: ContentReader) {}

  /** @throws Problem `not_found`. */
  async readable(id: string, principal: Principal): Promise<ShownContent> {
    const shown = await this.reader.find(id);
    if (shown === null || !mayReadContent(principal, shown.item)) throw noSuchContent();
    return shown;
  }

  /** @throws Problem `not_found`. */
  async editable(id: string, principal: Principal): Promise<void> {
    await this.decided(id, principal, mayEditContent);
  }

  /** @throws Problem `not_found` or `forbidden`. */
  async reviewable(id: string, principal: Principal): Promise<void> {
    await this.decided(id, principal, mayReviewContent);
  }

  private async decided(
    id: string,
    principal: Principal,
    rule: (principal: Principal, item: { readonly ownerId: string }) => Decision,
  ): Promise<void> {
    const owner = await this.reader.owner(id);
    const decision = owner === null ? 'not_found' : rule(principal, owner);
    if (decision === 'not_found') throw noSuchContent();
    if (decision === 'forbidden') throw new Problem('forbidden', 'Only editors may do this.');
  }
}

import type { FastifyReply } from 'fastify';
import { mayListAllContent, type Principal } from '@longhaul/auth';
import type { ContentFilter, ReviewFilter } from '@longhaul/content';
import { Problem } from '../problems/problem.js';
import { nextLink, readCursor } from '../tasks/list-cursor.js';
import { parseTime } from '../validation/rules.js';
import type { ListContentDto, ReviewsQueryDto } from './content-query.dto.js';

const defaultLimit = 50;
const inside = /^review:([1-9]\d{0,17})$/;

/**
 * What the caller asked for, narrowed to what it may see.
 * @throws Problem `forbidden` when somebody who is no editor asks for another owner; `invalid_cursor`.
 */
export function contentFilter(principal: Principal, query: ListContentDto): ContentFilter {
  const { owner_id: asked, state, format, tag, q, cursor, limit = defaultLimit } = query;
  const all = mayListAllContent(principal);
  if (!all && asked !== undefined && asked !== principal.subject) {
    throw new Problem('forbidden', 'Only editors may list content of others.');
  }
  const ownerId = all ? asked : principal.subject;
  return {
    limit,
    ...(ownerId !== undefined && { ownerId }),
    ...(state && { state }),
    ...(format && { format }),
    ...(tag !== undefined && { tag }),
    ...(q !== undefined && { q }),
    ...(cursor !== undefined && { beforeId: readCursor(cursor) }),
  };
}

/** @throws Problem `invalid_cursor`. */
export function reviewFilter(query: ReviewsQueryDto): ReviewFilter {
  const { content_id: itemId, actor_id: actorId, decision, cursor, limit = defaultLimit } = query;
  const [from, to] = [query.from, query.to].map((time) => (time === undefined ? null : parseTime(time)));
  return {
    limit,
    ...(itemId !== undefined && { itemId: itemId.toLowerCase() }),
    ...(actorId !== undefined && { actorId }),
    ...(decision && { decision }),
    ...(from && { from }),
    ...(to && { to }),
    ...(cursor !== undefined && { beforeSeq: readReviewCursor(cursor) }),
  };
}

/** The opaque cursor of the page that begins below this row. */
export function reviewCursor(seq: string): string {
  return Buffer.from(`review:${seq}`).toString('base64url');
}

function readReviewCursor(cursor: string): string {
  const seq = inside.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  if (seq === undefined || reviewCursor(seq) !== cursor) throw new Problem('invalid_cursor');
  return seq;
}

/**
 * The page of the rows that were found with one more than its limit; the reply links to the next one.
 * @param cursorOf of the last row of the page.
 */
export function linkedPage<Row>(
  rows: readonly Row[],
  { limit }: { readonly limit: number },
  reply: FastifyReply,
  next: { readonly path: string; readonly query: object; readonly cursorOf: (last: Row) => string },
): readonly Row[] {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  if (rows.length > limit && last !== undefined) {
    void reply.header('link', nextLink(next.path, next.query, next.cursorOf(last)));
  }
  return page;
}

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { matchesEtag } from '../tasks/etag.js';

/** Nothing but our own style sheet and icon may load, and forms lead to ourselves. */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Whoever keeps an answer asks again each time, which costs next to nothing (304): what is published is seen at once,
 * and what was taken down is gone at once.
 */
const revalidate = 'public, max-age=0, must-revalidate';

/**
 * Sends what is public, with an ETag of its content, or 304 to somebody who has it.
 * @param etagOf what the ETag is made of, where that is not the body alone.
 * @throws Problem `invalid_header` for an If-None-Match that is none.
 */
export function answer<Body>(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  body: Body,
  etagOf: string = body as string,
): Body | undefined {
  const etag = `"${createHash('sha256').update(etagOf).digest('base64url').slice(0, 22)}"`;
  void reply.headers({ etag, 'cache-control': revalidate });
  if (matchesEtag(request.headers['if-none-match'], etag)) {
    void reply.code(304);
    return undefined;
  }
  void reply.type(type);
  return body;
}

/** As {@link answer}, a page for people. */
export function answerPage(request: FastifyRequest, reply: FastifyReply, page: string): string | undefined {
  void reply.header('content-security-policy', policy);
  return answer(request, reply, 'text/html; charset=utf-8', page);
}

/** A page that says what went wrong; nobody keeps it. */
export function sendErrorPage(reply: FastifyReply, status: number, page: string): void {
  void reply
    .code(status)
    .headers({ 'content-security-policy': policy, 'cache-control': 'no-store' })
    .removeHeader('etag')
    .type('text/html; charset=utf-8')
    .send(page);
}

import type { IncomingMessage } from 'node:http';
import { identityOf } from '../http/request-identity.js';
import { problemCodes } from './problem-codes.js';
import type { ProblemDto } from './problem.dto.js';
import type { Problem } from './problem.js';

/** The problem document of an error: the only way from a Problem to the wire. */
export function presentProblem(problem: Problem, request: IncomingMessage): ProblemDto {
  const { status, title } = problemCodes[problem.code];
  const { requestId, traceId } = identityOf(request);
  return {
    type: `urn:longhaul:problem:${problem.code}`,
    title,
    status,
    detail: problem.detail,
    instance: instanceOf(request.url ?? '/'),
    code: problem.code,
    request_id: requestId,
    trace_id: traceId,
    ...(problem.errors && { errors: [...problem.errors] }),
  };
}

/** The path alone, shortened, with every character escaped that could be markup. */
export function instanceOf(url: string): string {
  const path = url.startsWith('/') ? (url.split(/[?#]/, 1)[0] ?? '/').slice(0, 256) : '/';
  return path.replace(/[^\w\-./~%:@!$()*+,;=]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

import { types } from 'node:util';
import { HttpException } from '@nestjs/common';
import { codeOfStatus, problemCodes, type ProblemCode } from './problem-codes.js';
import { Problem } from './problem.js';

/** Seconds after which a client may try again when the database is away. */
const retryAfterSeconds = '5';

/** Turns whatever was thrown into a Problem; unknown errors become `internal` and keep the error as their cause. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) return fromHttpException(error);
  if (isUnreachable(error)) {
    return new Problem('unavailable', undefined, { headers: { 'retry-after': retryAfterSeconds } }, { cause: error });
  }
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) return new Problem(codeOfStatus(status));
  return new Problem('internal', undefined, {}, { cause: error });
}

/** Nest's and Fastify's own exceptions: their messages may quote the client, so the table's words are used. */
function fromHttpException(error: HttpException): Problem {
  const answer = error.getResponse() as { code?: unknown; detail?: unknown } | string;
  const named = typeof answer === 'object' && isCode(answer.code) ? answer.code : undefined;
  const detail = typeof answer === 'object' && typeof answer.detail === 'string' ? answer.detail : undefined;
  const code = named ?? codeOfStatus(error.getStatus());
  const headers = problemCodes[code].status === 503 ? { 'retry-after': retryAfterSeconds } : undefined;
  return new Problem(code, detail, { headers }, { cause: error });
}

function isCode(value: unknown): value is ProblemCode {
  return typeof value === 'string' && Object.hasOwn(problemCodes, value);
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);
/** Classes 08 (connection), 53 (resources), 57 (operator, timeouts), and lock_not_available. */
const databaseAway = /^(08|53|57)\w{3}$|^55P03$/;
/** pg gives these errors no code. */
const pgMessages = /^(timeout exceeded when trying to connect|Query read timeout|Connection terminated)/;

function isUnreachable(error: unknown): boolean {
  // Not by instanceof: what Node's sockets throw is made in another context than that of code in a sandbox.
  if (!types.isNativeError(error)) return false;
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.some(isUnreachable);
  const { code, driverError, syscall } = error as { code?: unknown; driverError?: unknown; syscall?: unknown };
  if (typeof code === 'string' && databaseAway.test(code)) return true;
  // A missing file is ENOENT too, but only a socket's says "connect".
  if (typeof code === 'string' && networkCodes.has(code)) return code !== 'ENOENT' || syscall === 'connect';
  if (pgMessages.test(error.message)) return true;
  return driverError !== undefined && driverError !== error && isUnreachable(driverError);
}

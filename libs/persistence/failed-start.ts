import { types } from 'node:util';
import { isProduction } from '@longhaul/config';

/** undefined_table, undefined_column, undefined_function, invalid_schema_name. */
const otherSchema = new Set(['42P01', '42703', '42883', '3F000']);
const pgMessages = /^(timeout exceeded when trying to connect|Connection terminated)/;

/** Says in one line on standard error why a process did not start: JSON in production, where machines read it. */
export function sayNotStarted(app: 'api' | 'worker', error: unknown): void {
  const msg = `The ${app} did not start: ${whyNotStarted(error)}`;
  const entry = { level: 'fatal', time: new Date().toISOString(), app, pid: process.pid, msg };
  process.stderr.write(`${isProduction() ? JSON.stringify(entry) : msg}\n`);
}

/** What is wrong, and what to do where that is known. */
export function whyNotStarted(error: unknown): string {
  if (isUnreachable(error)) return `PostgreSQL cannot be reached: ${messageOf(error)}`;
  const text = messageOf(error);
  const { code = '' } = error as { code?: string };
  const hasNoSchema = otherSchema.has(code) || /^role ".*" does not exist$/.test(text);
  return hasNoSchema ? `${text}. The schema is missing, or of another version: run npm run db:migrate.` : text;
}

/** Nobody has answered at PostgreSQL's address: it may be there a moment later. */
export function isUnreachable(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.some(isUnreachable);
  const { syscall } = error as NodeJS.ErrnoException;
  return syscall === 'connect' || syscall === 'getaddrinfo' || pgMessages.test(error.message);
}

/** Node gives the error of a name with several addresses no message. */
function messageOf(error: unknown): string {
  const { message = String(error), errors = [] } = error as { message?: string; errors?: readonly unknown[] };
  return message === '' ? errors.map(messageOf).join(', ') : message;
}

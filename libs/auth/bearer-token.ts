import type { IncomingMessage } from 'node:http';
import { TokenRefused } from './auth-errors.js';

/** Longer tokens are refused unread. */
const maxTokenLength = 8_192;

/**
 * The token of the request's one Authorization header; never from the URL or a body.
 * @returns null when there is none, several headers, another scheme, or more than 8 kB.
 */
export function bearerToken(request: { raw: IncomingMessage }): string | null {
  const headers = authorizationHeaders(request.raw);
  if (headers.length !== 1) return null;
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(headers[0] ?? '')?.[1];
  return token !== undefined && token.length <= maxTokenLength ? token : null;
}

/** Whether credentials of any kind were sent in the header. */
export function sentAuthorization(request: { raw: IncomingMessage }): boolean {
  return authorizationHeaders(request.raw).length > 0;
}

/** Node keeps only the first of several Authorization headers; proxies may have looked at another one. */
function authorizationHeaders({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization');
}

/** Parts of a token whose signature has not been checked: good for choosing the key, for nothing else. */
export interface UnverifiedToken {
  readonly header: { readonly alg?: unknown; readonly kid?: unknown; readonly typ?: unknown };
  readonly payload: { readonly iss?: unknown };
}

/**
 * Reads header and payload, and refuses extensions that must be understood (`crit`): we understand none. `jku`, `x5u`
 * and `jwk` are never looked at.
 * @throws TokenRefused
 */
export function readUnverified(token: string): UnverifiedToken {
  const parts = token.split('.');
  if (parts.length !== 3) throw new TokenRefused('not three parts');
  const [header, payload] = parts.slice(0, 2).map(parseObject) as [Record<string, unknown>, Record<string, unknown>];
  if ('crit' in header || 'b64' in header) throw new TokenRefused('critical header');
  return { header, payload };
}

function parseObject(part: string): object {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    throw new TokenRefused('no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TokenRefused('no JSON object');
  return value;
}

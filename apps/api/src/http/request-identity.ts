import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Names by which one request is found again in logs and traces. */
export interface RequestIdentity {
  /** The client's X-Request-Id if it is 1–128 of `A–Z a–z 0–9 _ . -`, else a new uuid. */
  readonly requestId: string;
  /** 32 hex digits. */
  readonly traceId: string;
  /** W3C traceparent that work caused by this request carries on. */
  readonly traceparent: string;
}

const identities = new WeakMap<IncomingMessage, RequestIdentity>();
const requestIdPattern = /^[\w.-]{1,128}$/;
const traceparentPattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The same answer for the same request, however often it is asked. */
export function identityOf(request: IncomingMessage): RequestIdentity {
  let identity = identities.get(request);
  if (identity === undefined) {
    identity = identify(request.headers['x-request-id'], request.headers['traceparent']);
    identities.set(request, identity);
  }
  return identity;
}

/** The request is part of this trace: what it causes carries on from here. */
export function joinTrace(request: IncomingMessage, traceId: string, traceparent: string): void {
  identities.set(request, { ...identityOf(request), traceId, traceparent });
}

/** Reads both headers; values that do not follow their format are replaced, never repeated. */
export function identify(
  requestIdHeader: string | string[] | undefined,
  traceparentHeader: string | string[] | undefined,
): RequestIdentity {
  const given = String(traceparentHeader ?? '');
  const known = traceparentPattern.exec(given)?.[1];
  const traceId = known ?? randomHex();
  return {
    requestId: requestIdPattern.test(String(requestIdHeader ?? '')) ? String(requestIdHeader) : randomUUID(),
    traceId,
    traceparent: known === undefined ? `00-${traceId}-${randomHex().slice(-16)}-01` : given,
  };
}

/** 32 digits, of which six bits are not random. Node keeps random bytes ahead for UUIDs only: a tenth of the cost. */
function randomHex(): string {
  return randomUUID().replaceAll('-', '');
}

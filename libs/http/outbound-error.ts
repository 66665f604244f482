/** Why an outbound request failed: every code, and what it means to the one who asked. */
export const outboundErrorCodes = {
  url_blocked: 'The URL, or what its host name resolves to, may not be fetched from here.',
  robots_denied: 'The robots.txt of the site does not allow this page for us.',
  response_too_large: 'The answer, after decompression, or its headers are larger than allowed.',
  unsupported_content_type: 'The answer is not of a type that is read.',
  too_many_redirects: 'The server redirects in a circle, or more often than is followed.',
  fetch_timeout: 'The whole exchange took longer than allowed.',
  http_status: 'The server answered with a status that is no success.',
  network: 'The name could not be resolved, or the connection failed.',
  circuit_open: 'The host failed too often in a row; it is left alone for a minute.',
} as const;
export type OutboundErrorCode = keyof typeof outboundErrorCodes;

/** Statuses that a later attempt may well mend; so may every 5xx. */
const transientStatuses = [408, 425, 429];

/**
 * A request that got no usable answer. Its text is safe to show to clients: it never says what a name resolved to,
 * and the low-level error that would is not kept.
 */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  /** The status, with code `http_status`. */
  readonly status: number | null;
  /** How long the server (or the breaker) asks to wait, in milliseconds. */
  readonly retryAfter: number | null;

  constructor(
    readonly code: OutboundErrorCode,
    message: string,
    details: { status?: number; retryAfter?: number | null } = {},
  ) {
    super(message);
    this.status = details.status ?? null;
    this.retryAfter = details.retryAfter ?? null;
  }

  /** Whether the same request may well succeed later. */
  get transient(): boolean {
    if (this.code === 'http_status') return transientStatuses.includes(this.status ?? 0) || (this.status ?? 0) >= 500;
    return this.code === 'network' || this.code === 'fetch_timeout' || this.code === 'circuit_open';
  }
}

/** `code` of the errors by which the agents refuse an address. */
export const addressBlocked = 'ERR_ADDRESS_BLOCKED';

const networkTexts: Record<string, string> = {
  ENOTFOUND: 'The host name could not be resolved.',
  ENODATA: 'The host name could not be resolved.',
  EAI_AGAIN: 'The host name could not be resolved.',
  ECONNREFUSED: 'The host refused the connection.',
  ECONNRESET: 'The connection was cut.',
  ERR_STREAM_PREMATURE_CLOSE: 'The connection was cut.',
};

/** Turns whatever axios, an agent or a stream threw into an {@link OutboundError}. */
export function asOutboundError(thrown: unknown): OutboundError {
  if (thrown instanceof OutboundError) return thrown;
  const code = codeOf(thrown);
  if (code === addressBlocked || isAgentRefusal(thrown)) {
    return new OutboundError('url_blocked', 'The host does not resolve to a public address.');
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new OutboundError('response_too_large', 'The headers of the answer are too large.');
  }
  return new OutboundError('network', networkTexts[code] ?? `The exchange failed (${code}).`);
}

function codeOf(thrown: unknown): string {
  const { code, cause } = (thrown ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  for (const candidate of [cause?.code, code]) if (typeof candidate === 'string') return candidate;
  return 'unknown';
}

/** request-filtering-agent has no error code; it is the second line behind the guarded lookup. */
function isAgentRefusal(thrown: unknown): boolean {
  return thrown instanceof Error && /is not allowed\. Because/.test(thrown.message);
}

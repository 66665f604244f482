import type { Readable } from 'node:stream';
import type { AxiosInstance, AxiosResponse } from 'axios';
import type { Agents } from './agents.js';
import { OutboundError } from './outbound-error.js';
import { retryAfterOf } from './retry-after.js';

/** One request, and what is read of its answer. */
export interface ExchangeOptions {
  readonly agents: Agents;
  readonly signal: AbortSignal;
  readonly userAgent: string;
  /** Media types whose body is read; empty: all. An answer without a type is read too. */
  readonly accept: readonly string[];
  /** Most bytes of the body after decompression. */
  readonly maxBytes: number;
  /** Cut a longer body instead of refusing it. */
  readonly truncate: boolean;
}

/** A success with its body, or where the server sends us instead. */
export type ExchangeOutcome =
  { readonly redirect: URL } | { readonly status: number; readonly contentType: string | null; readonly body: Buffer };

const redirectStatuses = [301, 302, 303, 307, 308];
let client: AxiosInstance | undefined;

/** Loaded by the first exchange: most processes never have one. */
async function outboundClient(): Promise<AxiosInstance> {
  const { default: axios } = await import('axios');
  client ??= axios.create({
    proxy: false,
    maxRedirects: 0,
    responseType: 'stream',
    validateStatus: () => true,
    transitional: { clarifyTimeoutError: true },
  });
  return client;
}

/**
 * Asks one URL once: no redirect is followed here, and no body is read before status and type are known to be good.
 * The URL must have passed `refuseUrl`.
 */
export async function exchange(url: URL, options: ExchangeOptions): Promise<ExchangeOutcome> {
  const answer = await (
    await outboundClient()
  ).get<Readable>(url.href, {
    ...options.agents,
    signal: options.signal,
    headers: { 'User-Agent': options.userAgent, Accept: options.accept.join(', ') || '*/*' },
  });
  try {
    const redirect = redirectOf(answer, url);
    if (redirect !== null) return { redirect };
    refuseAnswer(answer, options);
    const body = await readBody(answer.data, options);
    return { status: answer.status, contentType: headerOf(answer, 'content-type'), body };
  } finally {
    // A body that was refused, or not read to its end, must not keep its connection.
    answer.data.destroy();
  }
}

function redirectOf(answer: AxiosResponse, from: URL): URL | null {
  const location = headerOf(answer, 'location');
  if (!redirectStatuses.includes(answer.status) || location === null) return null;
  const to = URL.parse(location, from.href);
  if (to === null) throw new OutboundError('url_blocked', 'The server redirects to something that is no URL.');
  to.hash = '';
  return to;
}

function refuseAnswer(answer: AxiosResponse, options: ExchangeOptions): void {
  if (answer.status < 200 || answer.status > 299) {
    throw new OutboundError('http_status', `The server answered with status ${answer.status}.`, {
      status: answer.status,
      retryAfter: retryAfterOf(headerOf(answer, 'retry-after'), Date.now()),
    });
  }
  const type = headerOf(answer, 'content-type')?.split(';')[0].trim().toLowerCase() ?? '';
  if (type !== '' && options.accept.length > 0 && !options.accept.includes(type)) {
    throw new OutboundError('unsupported_content_type', 'The answer is not of a type that is read.');
  }
  // axios takes this header away when it decompresses; several encodings in a row it leaves alone.
  const encoding = headerOf(answer, 'content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    throw new OutboundError('unsupported_content_type', 'The answer is encoded in a way that is not read.');
  }
  if (!options.truncate && Number(headerOf(answer, 'content-length') ?? 0) > options.maxBytes) throw tooLarge(options);
}

async function readBody(stream: Readable, options: ExchangeOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size <= options.maxBytes) continue;
    if (!options.truncate) throw tooLarge(options);
    break;
  }
  return Buffer.concat(chunks, Math.min(size, options.maxBytes));
}

function tooLarge(options: ExchangeOptions): OutboundError {
  return new OutboundError('response_too_large', `The answer is larger than ${options.maxBytes} bytes.`);
}

function headerOf(answer: AxiosResponse, name: string): string | null {
  const value: unknown = (answer.headers as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : null;
}

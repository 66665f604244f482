import { CONFIG, type Config } from '@longhaul/config';
import { SpanKind } from '@opentelemetry/api';
import { count, inChildSpan } from '@longhaul/telemetry';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { destroyAgents, outboundAgents } from './agents.js';
import { BreakerBoard } from './breaker-board.js';
import { exchange, type ExchangeOutcome } from './exchange.js';
import { HostBreakers } from './host-breakers.js';
import { asOutboundError, OutboundError } from './outbound-error.js';
import { RobotsCache, robotsMaxBytes } from './robots.js';
import { isAllowListed, refuseUrl, urlPolicyOf, type UrlPolicy } from './url-policy.js';

/** How to fetch a URL. */
export interface GetOptions {
  /** The caller's: when it aborts, its reason is thrown at once. */
  readonly signal?: AbortSignal;
  /** Media types whose body is read, lower case; others are refused before it. Left out: all. */
  readonly accept?: readonly string[];
  /** Whether robots.txt is asked first. Default true. */
  readonly robots?: boolean;
}

/** A successful answer. */
export interface OutboundAnswer {
  /** Where it came from in the end, after redirects. */
  readonly url: string;
  readonly status: number;
  /** The Content-Type header as sent, or null. */
  readonly contentType: string | null;
  /** Decompressed. */
  readonly body: Buffer;
}

interface FollowOptions {
  readonly signal: AbortSignal;
  readonly accept: readonly string[];
  readonly robots: boolean;
  readonly maxBytes: number;
  readonly truncate: boolean;
}

const mostRedirects = 5;

/**
 * The one client for URLs that clients give. It reaches public addresses only (and targets of SCRAPE_ALLOW_HOSTS),
 * honours robots.txt, bounds size and time, and leaves hosts alone that keep failing. Every failure is an
 * {@link OutboundError}.
 */
@Injectable()
export class OutboundHttp implements OnApplicationShutdown {
  private readonly policy: UrlPolicy;
  private readonly publicAgents;
  private readonly allowListAgents;
  private readonly hostBreakers = new HostBreakers();
  private readonly robots: RobotsCache;
  private readonly stopped = new AbortController();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    board: BreakerBoard,
  ) {
    board.add(() => this.hostBreakers.states());
    this.policy = urlPolicyOf(config);
    this.publicAgents = outboundAgents(config.OUTBOUND_DNS_SERVERS, false);
    this.allowListAgents = outboundAgents(config.OUTBOUND_DNS_SERVERS, true);
    this.robots = new RobotsCache((url) => this.fetchRobots(url), config.USER_AGENT);
  }

  /** Says why a URL is refused as it stands, or null. See `refuseUrl`. */
  refuse(url: string): string | null {
    return refuseUrl(url, this.policy);
  }

  /** Whether the operator allowed this target by name; it is ours, so no politeness is owed. */
  isAllowListed(url: string): boolean {
    return isAllowListed(new URL(url), this.policy);
  }

  /**
   * Fetches a URL, following redirects; each is checked like the first.
   * @throws OutboundError, or the reason of `options.signal`.
   */
  async get(url: string, options: GetOptions = {}): Promise<OutboundAnswer> {
    return this.bounded(options.signal, (signal) =>
      this.follow(url, {
        signal,
        accept: options.accept ?? [],
        robots: options.robots ?? true,
        maxBytes: this.config.OUTBOUND_MAX_BYTES,
        truncate: false,
      }),
    );
  }

  /**
   * Seconds that the site asks crawlers to leave between requests, or null.
   * @throws OutboundError if its robots.txt cannot be had for now, or the reason of `signal`.
   */
  async crawlDelay(url: string, signal?: AbortSignal): Promise<number | null> {
    this.assertAllowed(url);
    const { crawlDelay } = await this.bounded(signal, () => this.robots.rulesFor(new URL(url)));
    return crawlDelay;
  }

  /** The last of Nest's hooks: jobs that are still drained before it may go on fetching. */
  onApplicationShutdown(): void {
    this.stopped.abort(new OutboundError('network', 'The process stops.'));
    destroyAgents(this.publicAgents);
    destroyAgents(this.allowListAgents);
  }

  /** Runs work under the caller's signal and the time limit of a whole exchange, and returns as soon as one fires. */
  private async bounded<T>(caller: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    caller?.throwIfAborted();
    const seconds = this.config.OUTBOUND_TIMEOUT_SECONDS;
    const timeout = AbortSignal.timeout(seconds * 1000);
    const signal = AbortSignal.any([timeout, this.stopped.signal, ...(caller ? [caller] : [])]);
    try {
      return await untilAborted(signal, work(signal));
    } catch (error) {
      if (caller?.aborted) throw caller.reason;
      if (timeout.aborted) throw new OutboundError('fetch_timeout', `The exchange took longer than ${seconds} s.`);
      throw asOutboundError(error);
    }
  }

  private async follow(url: string, options: FollowOptions): Promise<OutboundAnswer> {
    this.assertAllowed(url);
    const seen = new Set<string>();
    for (let target = new URL(url); ;) {
      if (seen.has(target.href)) throw new OutboundError('too_many_redirects', 'The server redirects in a circle.');
      seen.add(target.href);
      const outcome = await this.hop(target, options);
      if (!('redirect' in outcome)) return { url: target.href, ...outcome };
      if (seen.size > mostRedirects) {
        throw new OutboundError('too_many_redirects', `The server redirects more than ${mostRedirects} times.`);
      }
      target = outcome.redirect;
    }
  }

  private async hop(target: URL, options: FollowOptions): Promise<ExchangeOutcome> {
    this.assertAllowed(target.href);
    if (options.robots) await this.assertRobotsAllow(target, options.signal);
    const agents = isAllowListed(target, this.policy) ? this.allowListAgents : this.publicAgents;
    return this.hostBreakers.execute(target.host, async () => {
      try {
        const outcome = await this.traced(target, () =>
          exchange(target, { ...options, agents, userAgent: this.config.USER_AGENT }),
        );
        count('longhaul_outbound_requests_total', { outcome: 'redirect' in outcome ? 'redirect' : 'ok' });
        return outcome;
      } catch (error) {
        const failure = this.asHostFailure(error, options.signal);
        const outcome = failure instanceof OutboundError ? failure.code : 'aborted';
        count('longhaul_outbound_requests_total', { outcome });
        throw failure;
      }
    });
  }

  /** One span a request. Queries of URLs may be secrets, and what is asked for is not told who asks: no traceparent is sent. */
  private traced(target: URL, request: () => Promise<ExchangeOutcome>): Promise<ExchangeOutcome> {
    const attributes = {
      'http.request.method': 'GET',
      'server.address': target.hostname,
      'server.port': Number(target.port || (target.protocol === 'https:' ? 443 : 80)),
      'url.full': `${target.origin}${target.pathname}`,
    };
    return inChildSpan('GET', { kind: SpanKind.CLIENT, attributes }, async (span) => {
      const outcome = await request();
      if ('status' in outcome) span.setAttribute('http.response.status_code', outcome.status);
      return outcome;
    });
  }

  /** A timeout is the host's failure, an abort by the caller is not. */
  private asHostFailure(error: unknown, signal: AbortSignal): unknown {
    if (!signal.aborted) return asOutboundError(error);
    const timedOut = (signal.reason as Error | undefined)?.name === 'TimeoutError';
    return timedOut ? new OutboundError('fetch_timeout', 'The exchange took too long.') : signal.reason;
  }

  private assertAllowed(url: string): void {
    const refusal = this.refuse(url);
    if (refusal !== null) throw new OutboundError('url_blocked', refusal);
  }

  private async assertRobotsAllow(target: URL, signal: AbortSignal): Promise<void> {
    const rules = await untilAborted(signal, this.robots.rulesFor(target));
    if (!rules.allows(target.href)) {
      throw new OutboundError('robots_denied', `The robots.txt of ${target.host} does not allow this page.`);
    }
  }

  /** Has a time limit of its own and no caller's signal, because all who need the file wait for the same request. */
  private async fetchRobots(url: string): Promise<Buffer> {
    const limits = { accept: [], robots: false, maxBytes: robotsMaxBytes, truncate: true };
    const { body } = await this.bounded(undefined, (signal) => this.follow(url, { ...limits, signal }));
    return body;
  }
}

/** The work's result, or the signal's reason as soon as it aborts. */
async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

import robotsModule from 'robots-parser';
import { OutboundError } from './outbound-error.js';

/** The package's typings promise a `default`; what it exports is the function itself. */
const robotsParser = robotsModule as unknown as typeof robotsModule.default;

/** What the robots.txt of one origin tells us. */
export interface RobotsRules {
  allows(url: string): boolean;
  /** Seconds between requests, or null. */
  readonly crawlDelay: number | null;
}

/** Loads a robots.txt with the same limits as any other URL. */
export type FetchRobots = (url: string) => Promise<Buffer>;

interface CacheEntry {
  readonly rules: Promise<RobotsRules>;
  expiresAt: number;
}

const lifeMs = 3_600_000;
const mostOrigins = 500;

/** Bytes of a robots.txt that are read; RFC 9309 asks for 500 KiB at least. */
export const robotsMaxBytes = 512 * 1024;

/** The robots.txt files of the last hour, each fetched once for all who need it. */
export class RobotsCache {
  private readonly entries = new Map<string, CacheEntry>();

  constructor(
    private readonly fetchRobots: FetchRobots,
    /** User-Agent header; robots.txt knows its first word, without the version. */
    private readonly userAgent: string,
  ) {}

  /**
   * Follows RFC 9309: no such file means that all is allowed; a file that cannot be had for now forbids all, for now.
   * @throws OutboundError with the transient reason in the latter case; nothing is cached then.
   */
  async rulesFor(url: URL): Promise<RobotsRules> {
    const known = this.entries.get(url.origin);
    if (known && known.expiresAt > Date.now()) return known.rules;
    const entry: CacheEntry = { rules: this.load(url.origin), expiresAt: Number.POSITIVE_INFINITY };
    this.entries.delete(url.origin);
    this.entries.set(url.origin, entry);
    for (const oldest of [...this.entries.keys()].slice(0, -mostOrigins)) this.entries.delete(oldest);
    try {
      const rules = await entry.rules;
      entry.expiresAt = Date.now() + lifeMs;
      return rules;
    } catch (error) {
      if (this.entries.get(url.origin) === entry) this.entries.delete(url.origin);
      throw error;
    }
  }

  private async load(origin: string): Promise<RobotsRules> {
    const location = `${origin}/robots.txt`;
    const text = await this.fetchRobots(location).then(
      (body) => body.toString('utf8').replace(/^\uFEFF/, ''),
      (error: unknown) => {
        if (meansNoRules(error)) return '';
        throw error;
      },
    );
    return parseRules(location, text, this.userAgent.split(/[\s/]/)[0]);
  }
}

/** The site answered, and has no usable robots.txt. */
function meansNoRules(error: unknown): boolean {
  if (!(error instanceof OutboundError) || error.transient) return false;
  return (
    error.code === 'http_status' || error.code === 'too_many_redirects' || error.code === 'unsupported_content_type'
  );
}

function parseRules(location: string, text: string, agent: string): RobotsRules {
  const robots = robotsParser(location, boundWildcards(text));
  return {
    allows: (url) => robots.isAllowed(url, agent) ?? true,
    crawlDelay: robots.getCrawlDelay(agent) ?? null,
  };
}

/** Characters of patterns with `*` that are matched as they are. */
const wildcardBudget = 20_000;

/**
 * Matching a pattern with `*` takes its length times the path's length, for each page: a file full of them would
 * block this process for seconds. Beyond the budget a Disallow counts up to its `*`, and an Allow is left out, so
 * that what was forbidden stays forbidden.
 */
function boundWildcards(text: string): string {
  let spent = 0;
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => {
      const star = line.indexOf('*');
      if (star === -1 || !/^\s*(dis)?allow\s*:/i.test(line)) return line;
      spent += line.length;
      if (spent <= wildcardBudget) return line;
      return /^\s*d/i.test(line) ? line.slice(0, star) || line : '';
    })
    .join('\n');
}

import { OutboundError } from './outbound-error.js';
import { RobotsCache } from './robots.js';

const agent = 'LonghaulBot/1.0 (+https://example.org/longhaul)';
const page = (path: string) => new URL(path, 'https://site.example');

describe('robots.txt', () => {
  const rulesOf = (text: string) =>
    new RobotsCache(() => Promise.resolve(Buffer.from(text)), agent).rulesFor(page('/'));
  const failing = (error: OutboundError) => new RobotsCache(() => Promise.reject(error), agent);

  it('is read for our own name first, and for everybody otherwise', async () => {
    const rules = await rulesOf(
      '\uFEFFUser-agent: *\nDisallow: /\nCrawl-delay: 9\n\nUser-Agent: longhaulbot\nDisallow: /private\nAllow: /private/open\nCrawl-delay: 2',
    );
    expect(rules.crawlDelay).toBe(2);
    expect(rules.allows(page('/public').href)).toBe(true);
    expect(rules.allows(page('/private/x').href)).toBe(false);
    expect(rules.allows(page('/private/open/x').href)).toBe(true);
    expect((await rulesOf('User-agent: *\nDisallow: /')).allows(page('/').href)).toBe(false);
  });

  it.each(['', 'User-agent: *\nDisallow:', '<!doctype html><p>no such page', '\u0000\uFFFD: x\n:::\nDisallow'])(
    'allows all when it says nothing: %j',
    async (text) => {
      const rules = await rulesOf(text);
      expect(rules).toMatchObject({ crawlDelay: null });
      expect(rules.allows(page('/x').href)).toBe(true);
    },
  );

  it.each([404, 403, 410])('allows all when the site answers %i', async (status) => {
    const cache = failing(new OutboundError('http_status', '', { status }));
    expect((await cache.rulesFor(page('/'))).allows(page('/x').href)).toBe(true);
  });

  it.each([
    new OutboundError('http_status', 'busy', { status: 503 }),
    new OutboundError('http_status', 'slow down', { status: 429 }),
    new OutboundError('network', 'cut'),
    new OutboundError('url_blocked', 'private'),
  ])('forbids all for now when it cannot be had: $message', async (error) => {
    await expect(failing(error).rulesFor(page('/'))).rejects.toBe(error);
  });

  it('is fetched once for all who ask, and again after a failure', async () => {
    const asked: string[] = [];
    const cache = new RobotsCache((url) => {
      asked.push(url);
      return asked.length === 1
        ? Promise.reject(new OutboundError('network', 'cut'))
        : Promise.resolve(Buffer.from('User-agent: *\nDisallow: /x'));
    }, agent);
    await expect(Promise.all([cache.rulesFor(page('/a')), cache.rulesFor(page('/b'))])).rejects.toThrow('cut');
    await Promise.all([cache.rulesFor(page('/a')), cache.rulesFor(page('/b')), cache.rulesFor(page('/c'))]);
    expect(asked).toEqual(['https://site.example/robots.txt', 'https://site.example/robots.txt']);
  });

  it('cannot block the process with wildcards, and what it forbids stays forbidden', async () => {
    const hostile = 'Disallow: /*a*a*a*a*a*a*a*a*b\nAllow: /*\n'.repeat(12_000);
    const rules = await rulesOf(`User-agent: *\n${hostile}Disallow: /secret*\n`);
    // Time of this process, which a busy machine does not stretch.
    const before = process.cpuUsage();
    expect(rules.allows(page('/secret').href)).toBe(false);
    rules.allows(page(`/${'a'.repeat(2_000)}`).href);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });
});

import { PageParser, UnreadablePageError } from './page-parser.js';

const page = (html: string) => ({
  url: 'https://site.example/',
  status: 200,
  contentType: 'text/html',
  body: Buffer.from(html),
});
/** Takes minutes: each attribute is compared with all before it. */
const bomb = page(`<p ${Array.from({ length: 400_000 }, (_, index) => `a${index}`).join(' ')}>`);

describe('parsing in threads', () => {
  const never = new AbortController().signal;
  let parser: PageParser;

  beforeEach(() => void (parser = new PageParser(2_000)));
  afterEach(() => parser.stop());

  it('gives the facts of a page', async () => {
    expect(await parser.parse(page('<title>Hello</title>'), never)).toMatchObject({ title: 'Hello' });
  });

  it('ends a page that takes too long, while the process goes on, and then reads the next', async () => {
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 10);
    await expect(parser.parse(bomb, never)).rejects.toThrow(UnreadablePageError);
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(50);
    expect(await parser.parse(page('<title>Next</title>'), never)).toMatchObject({ title: 'Next' });
  }, 20_000);

  it('ends at once when its caller stops', async () => {
    const reason = new Error('cancelled');
    const caller = new AbortController();
    const parsing = parser.parse(bomb, caller.signal);
    setImmediate(() => caller.abort(reason));
    await expect(parsing).rejects.toBe(reason);
  });
});

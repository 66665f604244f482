import { availableParallelism } from 'node:os';
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

  beforeEach(() => void (parser = new PageParser(5_000)));
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
  }, 40_000);

  it('reads an honest page that waited behind hostile ones for longer than a page may take', async () => {
    const hostile = Array.from({ length: 2 * availableParallelism() }, () => parser.parse(bomb, never));
    const refusals = Promise.all(hostile.map((parsing) => expect(parsing).rejects.toThrow(UnreadablePageError)));
    expect(await parser.parse(page('<title>Honest</title>'), never)).toMatchObject({ title: 'Honest' });
    await refusals;
  }, 60_000);

  it('does not keep a caller who stops while its page waits, nor its place', async () => {
    const hostile = Array.from({ length: availableParallelism() }, () => parser.parse(bomb, never));
    const refusals = Promise.all(hostile.map((parsing) => expect(parsing).rejects.toThrow(UnreadablePageError)));
    const caller = new AbortController();
    const waiting = parser.parse(page(''), caller.signal);
    const next = parser.parse(page('<title>Next</title>'), never);
    caller.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    expect(await next).toMatchObject({ title: 'Next' });
    await refusals;
  }, 60_000);

  it('says of no page that it cannot be parsed because the parser has stopped', async () => {
    const pages = Array.from({ length: availableParallelism() + 1 }, () => parser.parse(bomb, never));
    const outcomes = Promise.allSettled(pages);
    await parser.stop();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'The parser has stopped.' } });
    }
  });

  it('ends at once when its caller stops', async () => {
    const reason = new Error('cancelled');
    const caller = new AbortController();
    const parsing = parser.parse(bomb, caller.signal);
    setImmediate(() => caller.abort(reason));
    await expect(parsing).rejects.toBe(reason);
  });
});

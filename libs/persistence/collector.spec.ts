import { Collector } from './collector.js';

/** A flush whose end the test decides, as PostgreSQL would. */
class Flushes {
  readonly items: string[][] = [];
  private readonly ends: { resolve(answers: string[]): void; reject(error: Error): void }[] = [];

  readonly flush = (items: readonly string[]): Promise<string[]> =>
    new Promise((resolve, reject) => {
      this.items.push([...items]);
      this.ends.push({ resolve, reject });
    });

  /** Ends the flush of this number, from 0: with an answer to each item, or with an error. */
  readonly end = (index: number, error?: Error): void => {
    if (error === undefined) this.ends[index]?.resolve((this.items[index] ?? []).map((item) => `${item}!`));
    else this.ends[index]?.reject(error);
  };
}

const coded = (code: string | undefined) => Object.assign(new Error('the statement failed'), { code });
/** The end of this turn of the event loop, and of what promises have to do after it. */
const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('Collector', () => {
  it('flushes what the callers of one turn want together, and answers each of them', async () => {
    const { flush, items, end } = new Flushes();
    const collector = new Collector(flush, 10, 1);
    const answers = Promise.all(['a', 'b', 'c'].map((item) => collector.add(item)));
    await settled();
    expect(items).toEqual([['a', 'b', 'c']]);
    end(0);
    expect(await answers).toEqual(['a!', 'b!', 'c!']);
  });

  it('lets wait what comes while its lanes are busy, and takes it together afterwards, up to the cap', async () => {
    const { flush, items, end } = new Flushes();
    const collector = new Collector(flush, 2, 2);
    const answers: Promise<string>[] = [];
    for (const item of ['a', 'b', 'c', 'd', 'e']) {
      answers.push(collector.add(item));
      await settled();
    }
    expect(items).toEqual([['a'], ['b']]);
    end(1);
    await settled();
    expect(items).toEqual([['a'], ['b'], ['c', 'd']]);
    end(2);
    await settled();
    end(3);
    end(0);
    expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'c!', 'd!', 'e!']);
  });

  it('takes no more together than the sizes of the items allow, and one that is larger alone', async () => {
    const { flush, items, end } = new Flushes();
    const collector = new Collector(flush, 4, 1, (item: string) => item.length);
    const answers = Promise.all(['a', 'bb', 'cc', 'dddddd', 'e'].map((item) => collector.add(item)));
    for (const index of [0, 1, 2, 3]) {
      await settled();
      end(index);
    }
    await answers;
    expect(items).toEqual([['a', 'bb'], ['cc'], ['dddddd'], ['e']]);
  });

  it.each(['22P02', '23505', '40P01'])('does the others again when one is refused with %s', async (code) => {
    const tried: number[] = [];
    const collector = new Collector<number, number>(
      (items) => {
        tried.push(items.length);
        return items.includes(13) ? Promise.reject(coded(code)) : Promise.resolve(items.map((item) => item * 2));
      },
      100,
      1,
    );
    const answers = await Promise.allSettled(Array.from({ length: 32 }, (_, item) => collector.add(item)));
    for (const [item, answer] of answers.entries()) {
      expect(answer).toEqual(
        item === 13
          ? { status: 'rejected', reason: expect.objectContaining({ code }) as unknown }
          : { status: 'fulfilled', value: item * 2 },
      );
    }
    expect(tried).toHaveLength(1 + 2 * Math.log2(32));
    await expect(collector.add(1)).resolves.toBe(2);
  });

  it.each(['57P01', '55P03', undefined])('repeats nothing when a flush fails with %s', async (code) => {
    const error = coded(code);
    const { flush, items, end } = new Flushes();
    const collector = new Collector(flush, 10, 1);
    const answers = Promise.allSettled([collector.add('a'), collector.add('b')]);
    await settled();
    end(0, error);
    expect(await answers).toEqual(Array(2).fill({ status: 'rejected', reason: error }));
    expect(items).toHaveLength(1);
    const next = collector.add('c');
    await settled();
    end(1);
    expect(await next).toBe('c!');
  });

  it('refuses a flush that does not answer everybody', async () => {
    const collector = new Collector<string, string>(() => Promise.resolve(['one']), 10, 1);
    const answers = await Promise.allSettled([collector.add('a'), collector.add('b')]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

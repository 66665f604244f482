import { thisCaller, workFor, type Caller } from '@longhaul/telemetry';
import { isDataError } from './database-errors.js';

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly caller: Caller;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does together what many callers want at the same moment, and answers each of them by itself. There is no timer: while
 * a lane is free, what comes is flushed at once; while all are busy it waits, and the next free lane takes everything.
 * So an idle system loses no time, and a busy one batches by itself. This is group commit (D. DeWitt et al.,
 * "Implementation Techniques for Main Memory Database Systems", SIGMOD 1984), with statements for log writes.
 */
export class Collector<Item, Answer> {
  private readonly waiting: Waiting<Item, Answer>[] = [];
  private busy = 0;
  private starting = false;

  /**
   * @param flush does what the items ask for, and answers in their order. It is called with one item at least.
   * @param most items of one flush; or, with `sizeOf`, their sizes together. One item always goes.
   * @param lanes flushes under way at once.
   */
  constructor(
    private readonly flush: (items: readonly Item[]) => Promise<readonly Answer[]>,
    private readonly most: number,
    private readonly lanes: number,
    private readonly sizeOf: (item: Item) => number = () => 1,
  ) {}

  /**
   * The answer to this item.
   * @throws the error of its flush: its own when the values of an item were refused, since those beside it are done
   *   again without it; anything else befalls all of a flush, and whether it was committed is for them to find out.
   */
  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, caller: thisCaller(), resolve, reject });
      this.startSoon();
    });
  }

  /** Not at once: all that the event loop has read from its sockets in this turn shares a flush. */
  private startSoon(): void {
    if (this.starting || this.busy >= this.lanes) return;
    this.starting = true;
    setImmediate(() => {
      this.starting = false;
      while (this.waiting.length > 0 && this.busy < this.lanes) void this.serve(this.next());
    });
  }

  /** As many as fit, the oldest first. */
  private next(): readonly Waiting<Item, Answer>[] {
    let size = 0;
    const tooMany = this.waiting.findIndex(({ item }, index) => (size += this.sizeOf(item)) > this.most && index > 0);
    return this.waiting.splice(0, tooMany === -1 ? this.waiting.length : tooMany);
  }

  private async serve(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    this.busy += 1;
    await this.answer(batch);
    this.busy -= 1;
    this.startSoon();
  }

  private async answer(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await workFor(
        batch.map(({ caller }) => caller),
        () => this.flush(batch.map(({ item }) => item)),
      );
      if (answers.length !== batch.length) throw new Error(`${answers.length} answers to ${batch.length} items`);
      batch.forEach(({ resolve }, index) => resolve(answers[index]));
    } catch (error) {
      if (batch.length === 1 || !isSafeToRepeat(error)) return batch.forEach(({ reject }) => reject(error));
      // Halves, not items: finding one bad row among n takes about 2 log n flushes.
      const half = Math.ceil(batch.length / 2);
      await this.answer(batch.slice(0, half));
      await this.answer(batch.slice(half));
    }
  }
}

/** Whether PostgreSQL has rolled a statement back for what it met in some of its rows (SQLSTATE 40: a deadlock). */
function isSafeToRepeat(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return isDataError(error) || (typeof code === 'string' && code.startsWith('40'));
}

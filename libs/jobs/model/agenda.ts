interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** What will happen and when, in milliseconds of true time: a binary heap. Entries of one moment keep their order. */
export class Agenda {
  now = 0;
  private readonly heap: Entry[] = [];
  private count = 0;

  in(ms: number, run: () => void): void {
    const entry: Entry = { at: this.now + ms, order: this.count++, run };
    const { heap } = this;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, heap[parent])) break;
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = entry;
  }

  /** Runs what comes first if it is due by then; false when nothing is. */
  step(until: number): boolean {
    const { heap } = this;
    if (heap.length === 0 || heap[0].at > until) return false;
    const [first] = heap;
    const last = heap.pop() as Entry;
    if (heap.length > 0) this.sink(last);
    this.now = first.at;
    first.run();
    return true;
  }

  private sink(entry: Entry): void {
    const { heap } = this;
    let index = 0;
    for (let child = 1; child < heap.length; child = 2 * index + 1) {
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child += 1;
      if (!before(heap[child], entry)) break;
      heap[index] = heap[child];
      index = child;
    }
    heap[index] = entry;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

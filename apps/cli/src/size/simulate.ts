import type { Station } from './queueing.js';

/** What a simulated station has seen. */
export interface Seen {
  readonly jobs: number;
  /** Jobs that ran at once, on average. */
  readonly running: number;
  /** Share of the jobs that waited. */
  readonly waits: number;
  readonly meanSeconds: number;
  readonly p95Seconds: number;
}

/**
 * Plays so many jobs through a station, first come, first served: nothing of the formulas is in it. The first tenth of
 * the jobs, which finds an empty station, is not counted.
 * @param seed the same seed gives the same jobs.
 */
export function simulate({ rate, seconds, slots }: Station, jobs: number, seed: number): Seen {
  const random = randomNumbers(seed);
  const exponential = (mean: number) => -Math.log(1 - random()) * mean;
  const free = new FreeTimes(slots);
  const warm = Math.floor(jobs / 10);
  const waited = new Float64Array(jobs - warm);
  let [now, begin, busy] = [0, 0, 0];
  for (let job = 0; job < jobs; job++) {
    now += exponential(1 / rate);
    if (job === warm) begin = now;
    const start = Math.max(now, free.earliest);
    const takes = exponential(seconds);
    free.takeUntil(start + takes);
    if (job < warm) continue;
    waited[job - warm] = start - now;
    busy += takes;
  }
  waited.sort();
  const all = waited.length;
  return {
    jobs: all,
    running: busy / (now - begin),
    waits: waited.reduce((count, time) => count + (time > 0 ? 1 : 0), 0) / all,
    meanSeconds: waited.reduce((sum, time) => sum + time, 0) / all,
    p95Seconds: waited[Math.floor(all * 0.95)],
  };
}

/** When each slot is free again: a binary heap with the earliest one on top. */
class FreeTimes {
  private readonly heap: Float64Array;

  constructor(slots: number) {
    this.heap = new Float64Array(slots);
  }

  get earliest(): number {
    return this.heap[0];
  }

  /** Occupies the slot that is free first. */
  takeUntil(time: number): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) child++;
      if (heap[child] >= time) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = time;
  }
}

/** Numbers from 0 to below 1 (mulberry32, T. Ettinger 2017), good enough for arrivals and times. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

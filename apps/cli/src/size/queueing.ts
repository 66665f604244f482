/** A queue of jobs before equal slots: jobs arrive by chance, and how long each takes is by chance. */
export interface Station {
  /** Jobs that arrive in a second. */
  readonly rate: number;
  /** Mean time of one job, in seconds. */
  readonly seconds: number;
  readonly slots: number;
}

/** What a station does in the long run. */
export interface Waiting {
  /** Share of the time in which a slot is busy, 0 to 1. */
  readonly usage: number;
  /** Jobs that run at once, on average: Little's law, rate × time. */
  readonly running: number;
  /** Probability that a job waits at all. */
  readonly waits: number;
  /** Mean time that a job waits, in seconds. */
  readonly meanSeconds: number;
  /** 95 of 100 jobs wait no longer, in seconds. */
  readonly p95Seconds: number;
  /** Jobs that wait at once, on average. */
  readonly waiting: number;
}

/** More work arrives than can be done: the line grows for ever. */
export class UnstableError extends Error {
  override readonly name = 'UnstableError';
}

/**
 * M/M/c: arrivals are a Poisson process, times are exponential. Shorter lines follow when times vary less than that.
 * Erlang C comes from the recurrence of Erlang B, which stays exact where factorials overflow
 * (L. Kleinrock, Queueing Systems I, 1975, 3.5; R. B. Cooper, Introduction to Queueing Theory, 1981, 3.2).
 * @throws UnstableError when the usage is 1 or more.
 */
export function waitingOf({ rate, seconds, slots }: Station): Waiting {
  const running = rate * seconds;
  const usage = running / slots;
  if (usage >= 1) {
    throw new UnstableError(
      `unstable: ${running.toFixed(1)} jobs would have to run at once and there are ${slots} slots (usage ${usage.toFixed(2)}).`,
    );
  }
  const waits = erlangC(slots, running);
  const drain = (slots - running) / seconds;
  const meanSeconds = waits / drain;
  return {
    ...{ usage, running, waits, meanSeconds },
    p95Seconds: waits <= 0.05 ? 0 : Math.log(waits / 0.05) / drain,
    waiting: rate * meanSeconds,
  };
}

/** Fewest slots with which a job of this rate and time waits no longer than so many seconds in 95 of 100 cases. */
export function slotsFor(rate: number, seconds: number, p95Seconds: number): number {
  const fits = (slots: number) => waitingOf({ rate, seconds, slots }).p95Seconds <= p95Seconds;
  let low = Math.floor(rate * seconds) + 1;
  let high = low;
  for (let step = Math.max(1, Math.ceil(Math.sqrt(high))); !fits(high); step *= 2) high += step;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Probability that a job finds all slots busy. @param load rate × time, below the number of slots. */
function erlangC(slots: number, load: number): number {
  let blocked = 1;
  for (let slot = 1; slot <= slots; slot++) blocked = (load * blocked) / (slot + load * blocked);
  return blocked / (1 - (load / slots) * (1 - blocked));
}

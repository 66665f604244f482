import { setImmediate as turn } from 'node:timers/promises';

/** To be awaited often in a long computation. @throws the reason of the signal that it listens to. */
export type Pace = () => Promise<void>;

/** Longest time that nobody else gets, in milliseconds. */
const longestMs = 15;

/** Lets others in from time to time, so that a computation stops within moments, and leases are extended meanwhile. */
export function paceOf(signal: AbortSignal): Pace {
  let since = performance.now();
  signal.throwIfAborted();
  return async () => {
    if (performance.now() - since < longestMs) return;
    await turn();
    signal.throwIfAborted();
    since = performance.now();
  };
}

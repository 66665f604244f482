import type { FaultStepsInput } from './fault-steps.dto.js';

/** Nothing else of this process runs meanwhile: no heartbeat, no answer to anybody. */
export function blockEventLoop(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Ends this process as bad native code or a leak would; no handler can catch it. */
export function poison(how: FaultStepsInput['poison']): void {
  if (how === 'abort') process.abort();
  if (how === 'memory') useUpMemory();
}

function useUpMemory(): void {
  const held: number[][] = [];
  for (;;) held.push(Array.from({ length: 100_000 }, (_, index) => index + held.length / 2));
}

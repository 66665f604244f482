/** The same answer for `ms` milliseconds; calls that come while it is being made share it. An error is not kept. */
export function every<T>(ms: number, make: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null;
  let until = 0;
  return () => {
    if (kept !== null && performance.now() < until) return kept;
    until = performance.now() + ms;
    const made = make();
    made.catch(() => {
      if (kept === made) kept = null;
    });
    kept = made;
    return made;
  };
}

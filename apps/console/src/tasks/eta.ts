/** What a task reported, and when. */
export interface ProgressPoint {
  /** Milliseconds. */
  readonly at: number;
  readonly percent: number;
}

/** Reports that the pace is taken from. */
const lookBack = 30;

/**
 * How long a task may still run at the pace of its latest reports, in milliseconds.
 * @returns null while there is no pace to tell it from.
 */
export function remainingMs(points: readonly ProgressPoint[], now: number): number | null {
  const recent = points.slice(-lookBack);
  const [first] = recent;
  const last = recent.at(-1);
  if (first === undefined || last === undefined || last.percent <= first.percent || last.at <= first.at) return null;
  const msPerPercent = (last.at - first.at) / (last.percent - first.percent);
  return Math.max(0, (100 - last.percent) * msPerPercent - (now - last.at));
}

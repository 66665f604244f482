import { formatCount } from '../ui/format.js';
import { texts } from '../texts.js';
import type { Measure } from './overview-search.js';
import type { Bucket } from './use-overview.js';

/** Of one piece of time, or of several together. */
export type Counts = Omit<Bucket, 'at'>;

const nothing: Counts = { submitted: 0, succeeded: 0, failed: 0, cancelled: 0, sampled: false };

/** Of estimates the sum is one, too. */
export function sum(all: readonly Counts[]): Counts {
  return all.reduce(
    (total, one) => ({
      submitted: total.submitted + one.submitted,
      succeeded: total.succeeded + one.succeeded,
      failed: total.failed + one.failed,
      cancelled: total.cancelled + one.cancelled,
      sampled: total.sampled || one.sampled,
    }),
    nothing,
  );
}

export function measured(measure: Measure, { submitted, succeeded, failed, cancelled }: Counts): number {
  switch (measure) {
    case 'ended':
      return succeeded + failed + cancelled;
    case 'failed':
      return failed;
    case 'submitted':
      return submitted;
  }
}

/** A number of tasks, marked when it is an estimate. */
export function formatAbout(count: number, isEstimate: boolean): string {
  const text = formatCount(Math.round(count));
  return isEstimate && count > 0 ? texts.operations.about(text) : text;
}

import { texts } from '../texts.js';
import type { Overview } from './use-overview.js';

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** `14:05` */
export function formatClock(ms: number): string {
  return time.format(ms);
}

/** `14:05 – 14:06`, of a piece of an overview's window. */
export function timeOf({ kinds, bucket_seconds: seconds }: Overview, index: number): string {
  const buckets = kinds[0]?.buckets ?? [];
  const at = buckets[index]?.at;
  if (at === undefined) return texts.none;
  const from = Date.parse(at);
  const to = index === buckets.length - 1 ? texts.throughput.soFar : formatClock(from + seconds * 1_000);
  return `${formatClock(from)} – ${to}`;
}

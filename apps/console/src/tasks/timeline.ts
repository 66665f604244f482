import type { Schemas } from '../api/client.js';

export type HistoryEvent = Schemas['TaskEventDto'];

export type Outcome = 'succeeded' | 'failed' | 'retry_scheduled' | 'handed_over' | 'recovered' | 'cancelled';

/** A stretch of a task's life: it waits, or an attempt runs. */
export interface Segment {
  readonly kind: 'wait' | 'attempt';
  /** Why it waits: the type of the event that made it wait. */
  readonly reason: 'submitted' | 'requeued' | Outcome | null;
  /** Number of the attempt, from 1. */
  readonly attempt: number | null;
  readonly worker: string | null;
  readonly from: number;
  /** Null while it goes on. */
  readonly to: number | null;
  readonly outcome: Outcome | null;
  readonly error: HistoryEvent['error'];
}

const outcomes = new Set<string>(['succeeded', 'failed', 'retry_scheduled', 'handed_over', 'recovered', 'cancelled']);
const waiting = new Set<string>(['submitted', 'requeued', 'retry_scheduled', 'handed_over', 'recovered']);

/** The waits and attempts of a task, oldest first, from its events. */
export function segmentsOf(events: readonly HistoryEvent[]): readonly Segment[] {
  const segments: Segment[] = [];
  let open: Segment | null = null;
  let attempts = 0;
  const close = (to: number, end: Pick<Segment, 'outcome' | 'error'>) => {
    if (open !== null) segments.push({ ...open, ...end, to });
    open = null;
  };
  for (const { type, timestamp, actor, error } of events) {
    const at = Date.parse(timestamp);
    if (outcomes.has(type)) close(at, { outcome: type as Outcome, error });
    if (type === 'started') {
      close(at, { outcome: null, error: null });
      attempts += 1;
      open = begun('attempt', at, { attempt: attempts, worker: actor });
    }
    if (waiting.has(type)) open = begun('wait', at, { reason: type as Segment['reason'] });
  }
  return open === null ? segments : [...segments, open];
}

function begun(kind: Segment['kind'], from: number, more: Partial<Segment>): Segment {
  return { kind, reason: null, attempt: null, worker: null, from, to: null, outcome: null, error: null, ...more };
}

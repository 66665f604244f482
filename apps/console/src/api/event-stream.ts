import { createEventSource, type EventSourceClient } from 'eventsource-client';
import { authorizedFetch } from './client.js';
import { problemOf, type Problem } from './problem.js';

/** `polling`: no stream can be had for now, so the page has to ask. */
export type LiveState = 'live' | 'reconnecting' | 'polling';

/** Failures in a row after which a page should rather ask by itself. */
const patience = 3;
/** Milliseconds without a byte, pings included, after which a connection is dead. */
const silenceMs = 40_000;
/** The same for the first byte, which the api sends at once; what holds it back may hold back everything. */
const openingMs = 10_000;

interface StreamOptions {
  readonly path: string;
  /** Resumes after this event. */
  readonly lastEventId?: string | undefined;
  readonly onMessage: (data: unknown) => void;
  readonly onState: (state: LiveState) => void;
  /** The stream is over: everything was sent, or the api refuses it for good. */
  readonly onEnd?: (refusal: Problem | null) => void;
}

/** A stream of events that makes its connection anew, after the last event that it saw, until it is closed. */
export class EventStream {
  private source: EventSourceClient | null = null;
  private failures = 0;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(private readonly options: StreamOptions) {
    this.open(options.lastEventId);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.silence);
    this.source?.close();
  }

  private open(lastEventId: string | undefined): void {
    this.source = createEventSource({
      url: new URL(this.options.path, location.origin),
      fetch: this.connect,
      ...(lastEventId === undefined ? {} : { initialLastEventId: lastEventId }),
      onMessage: ({ data }) => {
        this.heard();
        this.options.onMessage(JSON.parse(data));
      },
      onComment: () => this.heard(),
      onScheduleReconnect: () => this.lost(),
    });
  }

  private readonly connect = async (url: string | URL, init?: RequestInit): Promise<Response> => {
    // Who has waited in vain several times is patient.
    this.expect(this.failures < patience ? openingMs : silenceMs);
    const answer = await authorizedFetch(url, init);
    if (answer.status === 204) this.end(null);
    else if (!answer.ok) await this.refused(answer);
    return answer;
  };

  /** @throws Problem always; what may pass is tried again by whoever called. */
  private async refused(answer: Response): Promise<never> {
    const problem = problemOf(answer.status, await answer.json().catch(() => null));
    if (problem.status >= 400 && problem.status < 500 && ![401, 429].includes(problem.status)) this.end(problem);
    throw problem;
  }

  private end(refusal: Problem | null): void {
    this.close();
    this.options.onEnd?.(refusal);
  }

  /** Headers alone are no sign of life: a proxy may send them and hold back what follows. */
  private heard(): void {
    if (this.closed) return;
    this.failures = 0;
    this.options.onState('live');
    this.expect(silenceMs);
  }

  /** Gives the connection up when nothing comes for so long. */
  private expect(ms: number): void {
    clearTimeout(this.silence);
    if (!this.closed) this.silence = setTimeout(() => this.restart(), ms);
  }

  private lost(): void {
    if (this.closed) return;
    clearTimeout(this.silence);
    this.failures += 1;
    this.options.onState(this.failures < patience ? 'reconnecting' : 'polling');
  }

  private restart(): void {
    const lastEventId = this.source?.lastEventId;
    this.source?.close();
    this.lost();
    this.open(lastEventId);
  }
}

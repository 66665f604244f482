import { setTimeout as pause } from 'node:timers/promises';
import { openStream } from '../../support/event-stream.js';
import type { Random } from '../../support/random.js';
import type { App } from '../stage/app.js';
import { until } from '../stage/processes.js';
import type { Stage } from '../stage/stage.js';

/** A connection without a sign of life for this long is given up: the api sends a comment every 15 s. */
const silenceMs = 40_000;
const retryMs = 200;
const startMs = 30_000;

/**
 * A client that watches all tasks from before the first one. It leaves now and then, at random, and goes on from its
 * last id by whichever api.
 */
export class LogRecorder {
  /** Numbers of the events that it got, by task, in the order in which they came. */
  readonly seqs = new Map<string, number[]>();
  private lastEventId: string | undefined;
  private count = 0;

  constructor(
    private readonly token: string,
    private readonly apis: readonly App[],
    private readonly random: Random,
  ) {}

  /** Begins to watch, until the signal aborts. Resolves when it does. */
  async open(signal: AbortSignal): Promise<void> {
    void this.watch(signal);
    await until(() => this.lastEventId !== undefined, startMs, 'the stream of all tasks', signal);
  }

  /** Resolves when it has got as many events as there are, or the signal aborts. */
  async reaches(stage: Stage, signal: AbortSignal): Promise<void> {
    const [{ events }] = await stage.sql<{ events: number }>('SELECT count(*)::integer AS events FROM job_events');
    while (this.count < events && !signal.aborted) await pause(50);
  }

  private async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // A refusal or a reset: the api is down, or its database is. A client comes back.
      await this.watchOnce(signal).catch(() => undefined);
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async watchOnce(signal: AbortSignal): Promise<void> {
    const { token, lastEventId } = this;
    const signals = AbortSignal.any([signal, AbortSignal.timeout(silenceMs)]);
    const resume = lastEventId === undefined ? {} : { lastEventId };
    const leaveAfter = this.random.whole(50, 500);
    let taken = 0;
    const url = `${this.random.pick(this.apis).url}/tasks/stream`;
    for await (const { id, data } of openStream(url, { token, signal: signals, ...resume })) {
      this.lastEventId = id;
      this.take(data as { readonly type: string; readonly task_id: string; readonly seq: number });
      if ((taken += 1) === leaveAfter) return;
    }
  }

  private take({ type, task_id: taskId, seq }: { type: string; task_id: string; seq: number }): void {
    if (type === 'snapshot') return;
    this.count += 1;
    const ofTask = this.seqs.get(taskId) ?? [];
    this.seqs.set(taskId, ofTask);
    ofTask.push(seq);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { openStream } from '../../support/event-stream.js';
import type { Random } from '../../support/random.js';
import type { App } from '../stage/app.js';

/** A watched job, and the numbers of the events that its client got, in the order in which they came. */
export interface Recording {
  readonly taskId: string;
  readonly seqs: number[];
  /** The client was told that there is no more. */
  complete: boolean;
}

/** A connection without a sign of life for this long is given up: the api sends a comment every 15 s. */
const silenceMs = 40_000;
const retryMs = 200;

/**
 * A client that watches one job from its first event to its end. It leaves in the middle of streams, at random, and
 * comes back with Last-Event-ID by whichever api.
 */
export async function record(
  taskId: string,
  token: string,
  apis: readonly App[],
  random: Random,
  signal: AbortSignal,
): Promise<Recording> {
  const recording: Recording = { taskId, seqs: [], complete: false };
  while (!signal.aborted && !recording.complete) {
    try {
      recording.complete = await watchOnce(recording, token, random.pick(apis), random, signal);
    } catch {
      // Refused or reset: the api is down, or its database is. A client comes back.
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return recording;
}

/** @returns whether the api answered that the client has seen the end: a stream without a message. */
async function watchOnce(
  { taskId, seqs }: Recording,
  token: string,
  api: App,
  random: Random,
  signal: AbortSignal,
): Promise<boolean> {
  const lastEventId = seqs.at(-1);
  const resume = lastEventId === undefined ? {} : { lastEventId };
  const from = lastEventId === undefined ? '?from=0' : '';
  const leaveAfter = random.whole(1, 12);
  const signals = AbortSignal.any([signal, AbortSignal.timeout(silenceMs)]);
  let taken = 0;
  for await (const { id } of openStream(`${api.url}/tasks/${taskId}/stream${from}`, {
    token,
    signal: signals,
    ...resume,
  })) {
    seqs.push(Number(id));
    taken += 1;
    if (taken === leaveAfter) return false;
  }
  // A stream that ended without an event may have been ended by a stop; only a 204 says that there is no more.
  return (
    taken === 0 && lastEventId !== undefined && !signals.aborted && (await isOver(api, taskId, token, lastEventId))
  );
}

async function isOver(api: App, taskId: string, token: string, lastEventId: number): Promise<boolean> {
  const response = await fetch(`${api.url}/tasks/${taskId}/stream`, {
    headers: { authorization: `Bearer ${token}`, 'last-event-id': String(lastEventId) },
    signal: AbortSignal.timeout(5_000),
  });
  await response.body?.cancel();
  return response.status === 204;
}

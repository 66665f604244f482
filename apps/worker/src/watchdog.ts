import { Worker } from 'node:worker_threads';

/** How often the event loop shows that it turns, and the watchdog looks, in milliseconds. */
const beatMs = 250;

/**
 * Kills this process when its event loop has been blocked for too long: such a process keeps its jobs and their
 * connections, and does nothing. Its supervisor starts another one, and the jobs are recovered. A thread watches, since
 * nothing in a blocked loop can. A process that is frozen as a whole (SIGSTOP, a suspended machine) is left alone: its
 * watchdog stands still with it.
 * @param seconds 0: none.
 */
export function startWatchdog(seconds: number): void {
  if (seconds === 0) return;
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const data: WatchdogData = { beats, beatMs, patience: Math.ceil((seconds * 1000) / beatMs) };
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const thread = new Worker(new URL(`./watchdog-thread.${extension}`, import.meta.url), {
    workerData: data,
    // Neither the flags nor the secrets of this process are the thread's business.
    execArgv: [],
    env: {},
  });
  thread.unref();
  setInterval(() => Atomics.add(beats, 0, 1), beatMs).unref();
}

/** What the thread is given. */
export interface WatchdogData {
  /** Goes up with each turn of the watched loop. */
  readonly beats: Int32Array;
  readonly beatMs: number;
  /** How many times in a row it may be seen standing still. */
  readonly patience: number;
}

import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { WatchdogData } from './watchdog.js';

const { beats, beatMs, patience } = workerData as WatchdogData;
let seen = -1;
let stillFor = 0;

setInterval(() => {
  const now = Atomics.load(beats, 0);
  stillFor = now === seen ? stillFor + 1 : 0;
  seen = now;
  if (stillFor < patience) return;
  // The logger's thread may be waiting for the blocked loop; a written line is sure to be out before the end.
  const msg = `The event loop has been blocked for ${(patience * beatMs) / 1000} s: the worker kills itself.`;
  try {
    writeSync(2, `${JSON.stringify({ level: 'fatal', time: new Date().toISOString(), pid: process.pid, msg })}\n`);
  } finally {
    // Also when nobody takes the line: standard error may be a full pipe.
    process.kill(process.pid, 'SIGKILL');
  }
}, beatMs);

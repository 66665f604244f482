import type { Fault } from '../fault.js';
import { apiKill9 } from './api-kill9.js';
import { apiRoll } from './api-roll.js';
import { cancelRace } from './cancel-race.js';
import { clockHour, clockMinute } from './clock.js';
import { eventLoopBlocked } from './event-loop-blocked.js';
import { eventLoopWatchdog } from './event-loop-watchdog.js';
import { poison } from './poison.js';
import { postgresBackendsTerminated } from './postgres-backends-terminated.js';
import { postgresCut } from './postgres-cut.js';
import { postgresPoolHeld } from './postgres-pool-held.js';
import { postgresRestart } from './postgres-restart.js';
import { postgresTableLocked } from './postgres-table-locked.js';
import { timeoutRace } from './timeout-race.js';
import { workerFrozen } from './worker-frozen.js';
import { workerKill9 } from './worker-kill9.js';
import { workerKill9AfterEffect } from './worker-kill9-after-effect.js';
import { workerRoll } from './worker-roll.js';

/** Every fault, in the order in which they run. */
export const faults: readonly Fault[] = [
  workerKill9,
  workerKill9AfterEffect,
  apiKill9,
  workerRoll,
  apiRoll,
  workerFrozen,
  postgresRestart,
  postgresBackendsTerminated,
  postgresPoolHeld,
  postgresTableLocked,
  postgresCut,
  clockMinute,
  clockHour,
  eventLoopBlocked,
  eventLoopWatchdog,
  poison,
  cancelRace,
  timeoutRace,
];

/** The worst ones, for a run that has to be short. */
export const ciFaults: readonly Fault[] = [
  workerKill9,
  workerKill9AfterEffect,
  apiKill9,
  workerRoll,
  apiRoll,
  workerFrozen,
  postgresRestart,
];

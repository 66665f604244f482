import type { Fault } from '../fault.js';
import { apiKill9 } from './api-kill9.js';
import { apiRoll } from './api-roll.js';
import { cancelRace } from './cancel-race.js';
import { clockHour, clockMinute } from './clock.js';
import { doorbellTwice } from './doorbell-twice.js';
import { eventLoopBlocked } from './event-loop-blocked.js';
import { eventLoopWatchdog } from './event-loop-watchdog.js';
import { hintsCut } from './hints-cut.js';
import { poison } from './poison.js';
import { postgresBackendsTerminated } from './postgres-backends-terminated.js';
import { postgresCut } from './postgres-cut.js';
import { postgresDiskFull } from './postgres-disk-full.js';
import { postgresPoolHeld } from './postgres-pool-held.js';
import { postgresRestart } from './postgres-restart.js';
import { postgresTableLocked } from './postgres-table-locked.js';
import { redisCut } from './redis-cut.js';
import { redisFlushall } from './redis-flushall.js';
import { redisFull } from './redis-full.js';
import { redisPaused } from './redis-paused.js';
import { redisReadonly } from './redis-readonly.js';
import { redisRestartAof } from './redis-restart-aof.js';
import { redisRestartBare } from './redis-restart-bare.js';
import { timeoutRace } from './timeout-race.js';
import { workerFrozen } from './worker-frozen.js';
import { workerKill9AfterEffect } from './worker-kill9-after-effect.js';
import { workerKill9NearDeadline } from './worker-kill9-near-deadline.js';
import { workerKill9 } from './worker-kill9.js';
import { workerRoll } from './worker-roll.js';

/** Every fault, in the order in which they run. */
export const faults: readonly Fault[] = [
  workerKill9,
  workerKill9AfterEffect,
  workerKill9NearDeadline,
  apiKill9,
  workerRoll,
  apiRoll,
  workerFrozen,
  postgresRestart,
  postgresBackendsTerminated,
  postgresPoolHeld,
  postgresTableLocked,
  postgresCut,
  postgresDiskFull,
  clockMinute,
  clockHour,
  eventLoopBlocked,
  eventLoopWatchdog,
  poison,
  cancelRace,
  timeoutRace,
  redisRestartAof,
  redisRestartBare,
  redisFlushall,
  redisFull,
  redisReadonly,
  redisPaused,
  redisCut,
  doorbellTwice,
  hintsCut,
];

/** The worst ones, for a run that has to be short. */
export const ciFaults: readonly Fault[] = [
  workerKill9AfterEffect,
  apiKill9,
  workerRoll,
  apiRoll,
  workerFrozen,
  postgresRestart,
  cancelRace,
  redisRestartBare,
];

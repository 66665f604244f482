import type { Fault } from '../fault.js';
import { apiKill9 } from './api-kill9.js';
import { apiRoll } from './api-roll.js';
import { postgresRestart } from './postgres-restart.js';
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

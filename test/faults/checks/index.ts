import type { Check } from './check.js';
import { stopsWhenCancelled } from './cancel.js';
import { idleWithoutStores } from './cpu.js';
import { effectsComplete, effectsOnce, fenceOfOneProcess, goesOnFromCheckpoint } from './effects.js';
import { readyWhenItCan, redWithoutStores, staysAlive } from './health.js';
import {
  cancelledStays,
  endsAsPlanned,
  fencesGrow,
  gapless,
  legalHistory,
  noLeaseAfterEnd,
  noNeedlessRecovery,
  nothingLost,
  nothingStuck,
  oneEndARound,
  oneJobAKey,
  statusOfLastEvent,
  withinLimits,
} from './jobs.js';
import { lanesEnd } from './lanes.js';
import { memoryGoesBack } from './memory.js';
import { innocentOnce, poisonQuarantined } from './poison.js';
import { noAccidents, nothingLeaks, oneLeader, quietLogs, rightAnswers } from './processes.js';
import { recoversInTime } from './recovery.js';
import { logComplete, streamsComplete } from './streams.js';

/** Every invariant that is looked at after each fault. */
export const checks: readonly Check[] = [
  nothingLost,
  nothingStuck,
  oneJobAKey,
  oneEndARound,
  gapless,
  statusOfLastEvent,
  legalHistory,
  withinLimits,
  noNeedlessRecovery,
  fencesGrow,
  cancelledStays,
  endsAsPlanned,
  noLeaseAfterEnd,
  effectsOnce,
  effectsComplete,
  fenceOfOneProcess,
  goesOnFromCheckpoint,
  stopsWhenCancelled,
  poisonQuarantined,
  innocentOnce,
  streamsComplete,
  logComplete,
  oneLeader,
  staysAlive,
  readyWhenItCan,
  redWithoutStores,
  noAccidents,
  rightAnswers,
  quietLogs,
  idleWithoutStores,
  nothingLeaks,
  memoryGoesBack,
  lanesEnd,
  recoversInTime,
];

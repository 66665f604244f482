import type { Bug } from './bug.js';
import { burntAttempt } from './burnt-attempt.js';
import { endBeforeCommit } from './end-before-commit.js';
import { globalCursor } from './global-cursor.js';
import { hintsOnly } from './hints-only.js';
import { ignoredCancel } from './ignored-cancel.js';
import { noDedupe } from './no-dedupe.js';
import { noFence } from './no-fence.js';
import { noLeader } from './no-leader.js';
import { noRingAgain } from './no-ring-again.js';
import { readThenWrite } from './read-then-write.js';
import { unfencedProgress } from './unfenced-progress.js';
import { workerClock } from './worker-clock.js';

/** Every seeded bug, in the order in which they are tried. */
export const bugs: readonly Bug[] = [
  noFence,
  readThenWrite,
  noRingAgain,
  endBeforeCommit,
  globalCursor,
  noDedupe,
  ignoredCancel,
  workerClock,
  noLeader,
  unfencedProgress,
  hintsOnly,
  burntAttempt,
];

import { Core1700000000001 } from './0001-core.js';
import { FailedJobs1700000000002 } from './0002-failed-jobs.js';
import { Retention1700000000003 } from './0003-retention.js';
import { Isolation1700000000005 } from './0005-isolation.js';
import { Lists1700000000006 } from './0006-lists.js';
import { Content1700000000008 } from './0008-content.js';
import { Console1700000000009 } from './0009-console.js';

/** All migrations, oldest first. */
export const migrations = [
  Core1700000000001,
  FailedJobs1700000000002,
  Retention1700000000003,
  Isolation1700000000005,
  Lists1700000000006,
  Content1700000000008,
  Console1700000000009,
];

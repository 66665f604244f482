import { Core1700000000001 } from './0001-core.js';
import { FailedJobs1700000000002 } from './0002-failed-jobs.js';
import { Isolation1700000000005 } from './0005-isolation.js';

/** All migrations, oldest first. */
export const migrations = [Core1700000000001, FailedJobs1700000000002, Isolation1700000000005];

import { Core1700000000001 } from './0001-core.js';
import { Isolation1700000000005 } from './0005-isolation.js';

/** All migrations, oldest first. */
export const migrations = [Core1700000000001, Isolation1700000000005];

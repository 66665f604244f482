import { Core1700000000001 } from './0001-core.js';

/** All migrations, oldest first. */
export const migrations = [Core1700000000001];

import { sayNotStarted } from '@longhaul/persistence';
import { startApi } from './start-api.js';

startApi().catch((error: unknown) => {
  sayNotStarted('api', error);
  process.exit(1);
});

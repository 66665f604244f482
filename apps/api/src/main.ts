import { sayNotStarted } from '@longhaul/persistence';
import { sayWhatEndsIt } from '@longhaul/telemetry';
import { startApi } from './start-api.js';

sayWhatEndsIt('api');
startApi().catch((error: unknown) => {
  sayNotStarted('api', error);
  process.exit(1);
});

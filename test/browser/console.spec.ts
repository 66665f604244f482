import { describeFirstSteps } from './console-first-steps.js';
import { describeOperations } from './console-operations.js';
import { describeReview } from './console-review.js';
import { describeInBrowser } from './console-stage.js';
import { describeTasks } from './console-tasks.js';

// One after another: each is a browser with an api, a worker and a database, which is enough for two processors.
describeInBrowser('the console in a browser', () => {
  describeFirstSteps();
  describeTasks();
  describeReview();
  describeOperations();
});

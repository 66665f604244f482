import { articleRoute } from './article/article.route.js';
import { editRoute } from './article/edit.route.js';
import { auditRoute } from './audit/audit.route.js';
import { contentRoute } from './content/content.route.js';
import { actionsRoute } from './operations/actions.route.js';
import { failuresRoute } from './operations/failures.route.js';
import { operationsRoute } from './operations/operations.route.js';
import { reviewRoute } from './review/review.route.js';
import { newTaskRoute } from './tasks/new-task.route.js';
import { taskRoute } from './tasks/task.route.js';
import { tasksRoute } from './tasks/tasks.route.js';
import { usersRoute } from './users/users.route.js';

/** The pages for people who are signed in: one line each. */
export const pages = [
  ...[tasksRoute, newTaskRoute, taskRoute],
  ...[reviewRoute, contentRoute, articleRoute, editRoute, auditRoute],
  ...[operationsRoute, failuresRoute, actionsRoute, usersRoute],
] as const;

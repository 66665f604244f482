import { actionsRoute } from './operations/actions.route.js';
import { failuresRoute } from './operations/failures.route.js';
import { operationsRoute } from './operations/operations.route.js';
import { newTaskRoute } from './tasks/new-task.route.js';
import { taskRoute } from './tasks/task.route.js';
import { tasksRoute } from './tasks/tasks.route.js';
import { usersRoute } from './users/users.route.js';

/** The pages for people who are signed in: one line each. */
export const pages = [
  tasksRoute,
  newTaskRoute,
  taskRoute,
  operationsRoute,
  failuresRoute,
  actionsRoute,
  usersRoute,
] as const;

import { newTaskRoute } from './tasks/new-task.route.js';
import { taskRoute } from './tasks/task.route.js';
import { tasksRoute } from './tasks/tasks.route.js';

/** The pages for people who are signed in: one line each. */
export const pages = [tasksRoute, newTaskRoute, taskRoute] as const;

import { tasksRoute } from './tasks/tasks.route.js';

/** The pages for people who are signed in: one line each. */
export const pages = [tasksRoute] as const;

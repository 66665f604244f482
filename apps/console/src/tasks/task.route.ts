import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../shell/lazy-page.js';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';
import { taskTabs, type TaskTab } from './task-tabs.js';

export const taskRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks/$taskId',
  staticData: { title: texts.task.title },
  validateSearch: ({ tab }: Record<string, unknown>): { tab?: TaskTab } => {
    const known = taskTabs.find((name) => name === tab);
    return known === undefined ? {} : { tab: known };
  },
  component: lazyPage(() => import('./task-page.js'), 'TaskPage'),
});

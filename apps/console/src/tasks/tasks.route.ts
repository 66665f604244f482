import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../shell/lazy-page.js';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';
import { ListIcon } from '../ui/icons.js';
import { readTaskSearch } from './task-filter.js';

export const tasksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks',
  staticData: { title: texts.tasks.title, nav: { order: 10, icon: ListIcon } },
  validateSearch: readTaskSearch,
  component: lazyPage(() => import('./tasks-page.js'), 'TasksPage'),
});

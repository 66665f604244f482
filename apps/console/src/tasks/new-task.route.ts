import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../shell/lazy-page.js';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';

interface NewTaskSearch {
  /** Kind that is chosen. */
  readonly type?: string;
  /** Task whose input the form begins with. */
  readonly from?: string;
}

export const newTaskRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks/new',
  staticData: { title: texts.newTask.title },
  validateSearch: ({ type, from }: Record<string, unknown>): NewTaskSearch => ({
    ...(typeof type === 'string' && { type }),
    ...(typeof from === 'string' && /^[0-9a-f-]{36}$/i.test(from) && { from }),
  }),
  component: lazyPage(() => import('./new-task-page.js'), 'NewTaskPage'),
});

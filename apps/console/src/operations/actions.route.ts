import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../shell/lazy-page.js';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';

export const actionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/operations/actions',
  staticData: { title: texts.actions.title, roles: ['admin'] },
  component: lazyPage(() => import('./actions-page.js'), 'ActionsPage'),
});

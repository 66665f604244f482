import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';

export const actionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/operations/actions',
  staticData: { title: texts.actions.title, roles: ['admin'] },
  component: lazyRouteComponent(() => import('./actions-page.js'), 'ActionsPage'),
});

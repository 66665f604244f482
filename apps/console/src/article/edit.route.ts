import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';

export const editRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/content/$contentId/edit',
  staticData: { title: texts.edit.title },
  component: lazyRouteComponent(() => import('./edit-page.js'), 'EditPage'),
});

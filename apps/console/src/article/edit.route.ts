import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../shell/lazy-page.js';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';

export const editRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/content/$contentId/edit',
  staticData: { title: texts.edit.title },
  component: lazyPage(() => import('./edit-page.js'), 'EditPage'),
});

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';
import { DocumentIcon } from '../ui/icons.js';
import { readContentSearch } from './content.js';

export const contentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/content',
  staticData: { title: texts.content.title, nav: { order: 30, icon: DocumentIcon } },
  validateSearch: readContentSearch,
  component: lazyRouteComponent(() => import('./content-page.js'), 'ContentPage'),
});

import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../shell/lazy-page.js';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';
import { DocumentIcon } from '../ui/icons.js';
import { readContentSearch } from './content.js';

export const contentRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/content',
  staticData: { title: texts.content.title, nav: { order: 30, icon: DocumentIcon } },
  validateSearch: readContentSearch,
  component: lazyPage(() => import('./content-page.js'), 'ContentPage'),
});

import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../shell/lazy-page.js';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';

export const failuresRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/operations/failures',
  staticData: { title: texts.failures.title, roles: ['admin'] },
  validateSearch: ({ type }: Record<string, unknown>): { type?: string } =>
    typeof type === 'string' && /^[a-z][a-z0-9_]{0,63}$/.test(type) ? { type } : {},
  component: lazyPage(() => import('./failures-page.js'), 'FailuresPage'),
});

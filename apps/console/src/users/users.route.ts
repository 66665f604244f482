import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../shell/lazy-page.js';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';
import { UsersIcon } from '../ui/icons.js';

export const usersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/users',
  staticData: { title: texts.users.title, roles: ['admin'], nav: { order: 50, icon: UsersIcon } },
  validateSearch: ({ q }: Record<string, unknown>): { q?: string } => {
    const text = typeof q === 'number' ? String(q) : q;
    return typeof text === 'string' && /^[^]{1,200}$/.test(text) ? { q: text } : {};
  },
  component: lazyPage(() => import('./users-page.js'), 'UsersPage'),
});

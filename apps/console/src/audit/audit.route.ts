import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../shell/lazy-page.js';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';
import { AuditIcon } from '../ui/icons.js';
import { readAuditSearch } from './audit-search.js';

export const auditRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audit',
  staticData: { title: texts.audit.title, roles: ['editor'], nav: { order: 40, icon: AuditIcon } },
  validateSearch: readAuditSearch,
  component: lazyPage(() => import('./audit-page.js'), 'AuditPage'),
});

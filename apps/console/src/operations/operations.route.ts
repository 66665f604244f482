import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../shell/lazy-page.js';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';
import { GaugeIcon } from '../ui/icons.js';
import { measures, overviewWindows, type OverviewSearch } from './overview-search.js';

export const operationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/operations',
  staticData: { title: texts.operations.title, roles: ['admin'], nav: { order: 40, icon: GaugeIcon } },
  validateSearch: (search: Record<string, unknown>): OverviewSearch => {
    const window = overviewWindows.find((known) => known === search.window);
    const show = measures.find((known) => known === search.show);
    return { ...(window && { window }), ...(show && { show }) };
  },
  component: lazyPage(() => import('./operations-page.js'), 'OperationsPage'),
});

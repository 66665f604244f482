import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../shell/lazy-page.js';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';
import { ReviewIcon } from '../ui/icons.js';
import { readReviewSearch } from './review-search.js';

export const reviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/review',
  staticData: { title: texts.review.title, roles: ['editor'], nav: { order: 20, icon: ReviewIcon } },
  validateSearch: readReviewSearch,
  component: lazyPage(() => import('./review-page.js'), 'ReviewPage'),
});

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';
import { readArticleSearch } from './article-search.js';

export const articleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/content/$contentId',
  staticData: { title: texts.article.title },
  validateSearch: readArticleSearch,
  component: lazyRouteComponent(() => import('./article-page.js'), 'ArticlePage'),
});

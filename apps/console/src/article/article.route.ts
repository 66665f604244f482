import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../shell/lazy-page.js';
import { shellRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';
import { readArticleSearch } from './article-search.js';

export const articleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/content/$contentId',
  staticData: { title: texts.article.title },
  validateSearch: readArticleSearch,
  component: lazyPage(() => import('./article-page.js'), 'ArticlePage'),
});

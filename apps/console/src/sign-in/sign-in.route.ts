import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../shell/root-route.js';
import { texts } from '../texts.js';
import { SignInPage } from './sign-in-page.js';

export interface SignInSearch {
  /** Path within the console to go on to. */
  readonly next?: string;
  /** The session ended by itself. */
  readonly ended?: boolean;
}

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  staticData: { title: texts.signIn.title },
  validateSearch: ({ next, ended }: Record<string, unknown>): SignInSearch => ({
    ...(isPath(next) ? { next } : {}),
    ...(ended === true ? { ended } : {}),
  }),
  component: SignInPage,
});

/** Never to another site. */
function isPath(next: unknown): next is string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next);
}

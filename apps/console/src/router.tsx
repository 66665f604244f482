import { createRouter } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { pages } from './routes.js';
import type { Role } from './session/issuer.js';
import { homeRoute, rootRoute, shellRoute } from './shell/root-route.js';
import { signInRoute } from './sign-in/sign-in.route.js';
import { Broken, Loading, NotFound } from './ui/states.js';

export const router = createRouter({
  routeTree: rootRoute.addChildren([signInRoute, shellRoute.addChildren([homeRoute, ...pages])]),
  basepath: '/console',
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }

  interface StaticDataRouteOption {
    /** Title of the window, and name in the navigation. */
    title?: string;
    /** Who may see the page: any of these, and admins. Everybody who is signed in, when left out. */
    roles?: readonly Role[];
    /** Where it stands in the navigation; left out: nowhere. */
    nav?: { readonly order: number; readonly icon: ComponentType };
  }
}

import { createRootRoute, createRoute, redirect } from '@tanstack/react-router';
import { Broken, NotFound } from '../ui/states.js';
import { Root } from './root.js';
import { Shell } from './shell.js';

/** Of every page: title, focus, connection. */
export const rootRoute = createRootRoute({
  component: Root,
  notFoundComponent: () => (
    <main>
      <NotFound />
    </main>
  ),
  errorComponent: Broken,
});

/** Of every page for people who are signed in. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  notFoundComponent: NotFound,
});

/** The bare address. */
export const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/tasks', replace: true });
  },
});

import { lazyRouteComponent } from '@tanstack/react-router';
import { isReachable, onReachable } from '../api/reachability.js';

/**
 * The component of a page, whose part of the program is loaded when somebody goes there. While no server answers it waits for
 * one: the router would take what cannot be loaded for an old release and reload the console, which is lost then.
 */
export function lazyPage<Name extends string>(load: () => Promise<Record<Name, () => React.ReactNode>>, name: Name) {
  return lazyRouteComponent(async () => {
    await reachable();
    return load();
  }, name);
}

function reachable(): Promise<void> {
  if (navigator.onLine && isReachable()) return Promise.resolve();
  return new Promise((resolve) => {
    const go = () => {
      if (!navigator.onLine || !isReachable()) return;
      removeEventListener('online', go);
      forget();
      resolve();
    };
    addEventListener('online', go);
    const forget = onReachable(go);
  });
}

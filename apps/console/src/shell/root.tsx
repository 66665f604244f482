import { Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { texts } from '../texts.js';
import { ConnectionBanner } from './connection-banner.js';
import { askForFocus } from './route-focus.js';

/** What is around every page. */
export function Root() {
  const router = useRouter();
  const title = useRouterState({
    select: ({ matches }) => matches.findLast(({ staticData }) => staticData.title !== undefined)?.staticData.title,
  });
  useEffect(() => {
    document.title = title === undefined ? texts.product : `${title} · ${texts.product}`;
  }, [title]);
  useEffect(
    () =>
      router.subscribe('onBeforeNavigate', ({ fromLocation, pathChanged }) => {
        if (fromLocation !== undefined && pathChanged) askForFocus();
      }),
    [router],
  );
  return (
    <>
      <ConnectionBanner />
      <Outlet />
    </>
  );
}

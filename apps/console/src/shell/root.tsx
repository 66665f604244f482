import { Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { texts } from '../texts.js';
import { ConnectionBanner } from './connection-banner.js';
import { askForFocus } from './route-focus.js';
import { useShownSubject } from './window-title.js';

/** What is around every page. */
export function Root() {
  const router = useRouter();
  const title = useRouterState({
    select: ({ matches }) => matches.findLast(({ staticData }) => staticData.title !== undefined)?.staticData.title,
  });
  const subject = useShownSubject();
  useEffect(() => {
    document.title = [subject, title, texts.product].filter(Boolean).join(' · ');
  }, [subject, title]);
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

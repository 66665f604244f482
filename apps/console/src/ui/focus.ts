import { useLayoutEffect, useRef, useState, useEffect, type RefObject } from 'react';

/** What has the focus may go: reading goes on at the heading of the page then, and not at its very beginning. */
export function useFocusKept<Element extends HTMLElement>(): RefObject<Element | null> {
  const ref = useRef<Element>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    return () => {
      if (element?.contains(document.activeElement) === true) focusHeading();
    };
  }, []);
  return ref;
}

/** Gives the focus back to where it was before something was opened, when that is closed. */
export function useFocusReturn(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
      else focusHeading();
    },
    [before],
  );
}

function focusHeading(): void {
  document.querySelector('h1')?.focus({ preventScroll: true });
}

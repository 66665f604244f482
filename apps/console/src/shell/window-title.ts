import { useEffect, useSyncExternalStore } from 'react';

let subject: string | null = null;
const listeners = new Set<() => void>();

function set(next: string | null): void {
  subject = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Names in the window's title what the page is about, so that several windows can be told apart. */
export function useSubject(name: string): void {
  useEffect(() => {
    set(name);
    return () => set(null);
  }, [name]);
}

/** What the page that shows is about; null when it says nothing of it. */
export function useShownSubject(): string | null {
  return useSyncExternalStore(subscribe, () => subject);
}

import { useSyncExternalStore } from 'react';
import type { User } from './issuer.js';
import { session, type SessionState } from './session.js';

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** Who is signed in; for pages inside the shell, which shows them to nobody else. */
export function useUser(): User {
  const state = useSession();
  if (state.status !== 'signed-in' && state.status !== 'ended') throw new Error('Nobody is signed in.');
  return state.user;
}

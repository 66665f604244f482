import { useEffect, useState } from 'react';
import { describe } from '../api/problem.js';
import { session } from '../session/session.js';
import type { SignInWay } from '../session/start-session.js';
import { texts } from '../texts.js';

interface Arrival {
  readonly status: 'busy' | 'done';
  readonly error: string | null;
  readonly returnTo: string | null;
}

const nothing: Arrival = { status: 'done', error: null, returnTo: null };

/**
 * Finishes a sign-in that began elsewhere: a one-use link (`#ticket=…`, which no server and no log sees) or the answer of a
 * provider (`?code=…`). What the address held is taken out of it first.
 */
export function useArrival(way: SignInWay | null): Arrival {
  const [address] = useState(takeAddress);
  const [arrival, setArrival] = useState<Arrival>(address === null ? nothing : { ...nothing, status: 'busy' });
  useEffect(() => {
    if (address === null || way === null) return;
    finish(address, way).then(setArrival, (error: unknown) =>
      setArrival({ ...nothing, error: describe(error).detail ?? texts.signIn.refusedByProvider }),
    );
  }, [address, way]);
  return arrival;
}

/** Once, whoever asks: both a ticket and a code are good for one use. */
const finished = new WeakMap<URL, Promise<Arrival>>();

function finish(address: URL, way: SignInWay): Promise<Arrival> {
  const known = finished.get(address) ?? arrive(address, way);
  finished.set(address, known);
  return known;
}

async function arrive(address: URL, way: SignInWay): Promise<Arrival> {
  if (way.kind === 'oidc') {
    const { grant, returnTo } = await way.issuer.arrive(address);
    session.accept(grant);
    return { ...nothing, returnTo };
  }
  if (way.kind === 'none') return { ...nothing, error: texts.signIn.noWay };
  const ticket = new URLSearchParams(address.hash.slice(1)).get('ticket') ?? '';
  try {
    session.accept(await way.issuer.withLink(ticket));
    return nothing;
  } catch {
    return { ...nothing, error: texts.signIn.linkUsed };
  }
}

let taken: URL | null = null;

/** React asks twice while developing; the address says it once. */
function takeAddress(): URL | null {
  const address = new URL(location.href);
  const hasTicket = /^#ticket=/.test(address.hash);
  const hasAnswer = address.searchParams.has('state') && /[?&](code|error)=/.test(address.search);
  if (!hasTicket && !hasAnswer) return taken;
  taken = address;
  history.replaceState(history.state, '', address.pathname);
  return taken;
}

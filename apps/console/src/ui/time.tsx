import { useSyncExternalStore } from 'react';
import { serverNow } from '../api/server-clock.js';
import { formatDuration, formatRelative } from './format.js';

let now = serverNow();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    // Nobody has kept it until now.
    now = serverNow();
    timer = setInterval(() => {
      now = serverNow();
      for (const each of listeners) each();
    }, 1_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time of the server, renewed each second; one clock for all who show it. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** How long ago, or ahead; the moment itself when pointed at. */
export function RelativeTime({ at }: { readonly at: string }) {
  const text = formatRelative(Date.parse(at), useNow());
  return (
    <time dateTime={at} title={absolute.format(new Date(at))}>
      {text}
    </time>
  );
}

/** The moment; how long ago when pointed at. */
export function AbsoluteTime({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={formatRelative(Date.parse(at), useNow())}>
      {absolute.format(new Date(at))}
    </time>
  );
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** The time of day on this device, to the millisecond; the moment when pointed at. */
export function ClockTime({ at }: { readonly at: string }) {
  const moment = new Date(at);
  return (
    <time dateTime={at} title={absolute.format(moment)}>
      {clock.format(moment)}.{String(moment.getMilliseconds()).padStart(3, '0')}
    </time>
  );
}

/** How long something took, or has taken so far. */
export function Elapsed({ from, to }: { readonly from: string; readonly to: string | null }) {
  return to === null ? <Running from={Date.parse(from)} /> : formatDuration(Date.parse(to) - Date.parse(from));
}

function Running({ from }: { readonly from: number }) {
  return formatDuration(Math.floor(Math.max(0, useNow() - from) / 1_000) * 1_000);
}

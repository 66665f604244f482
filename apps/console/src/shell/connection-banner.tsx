import { useNetwork } from '@mantine/hooks';
import { useEffect, useSyncExternalStore } from 'react';
import { isReachable, onReachable, setReachable } from '../api/reachability.js';
import { texts } from '../texts.js';
import classes from './shell.module.css';

/** Milliseconds from one look at a server that does not answer to the next. */
const lookAgainMs = 3_000;

/** Says that this device is offline or the server is away, until it is over. */
export function ConnectionBanner() {
  const { online } = useNetwork();
  const reachable = useSyncExternalStore(onReachable, isReachable);
  useEffect(() => {
    if (reachable || !online) return undefined;
    void look();
    const timer = setInterval(() => void look(), lookAgainMs);
    return () => clearInterval(timer);
  }, [reachable, online]);
  const text = online ? texts.connection.unreachable : texts.connection.offline;
  return (
    <div role="status" className={classes.connection} data-shown={!online || !reachable || undefined}>
      {online && reachable ? '' : text}
    </div>
  );
}

async function look(): Promise<void> {
  const answer = await fetch('/health/live').catch(() => null);
  if (answer?.ok === true) setReachable(true);
}

import type { Backend } from '../support/backends.js';
import type { Fault, Need } from './fault.js';
import { libfaketime } from './stage/clock.js';
import { mayMount } from './stage/small-disk.js';
import type { Servers } from './stage/stage.js';

const needs: Readonly<Record<Need, { readonly isMet: () => boolean; readonly sentence: string }>> = {
  root: { isMet: () => process.getuid?.() === 0, sentence: 'needs root' },
  mount: { isMet: mayMount, sentence: 'needs leave to mount a tmpfs (CAP_SYS_ADMIN)' },
  libfaketime: {
    isMet: () => libfaketime() !== undefined,
    sentence: 'needs libfaketime (Debian: apt-get install libfaketime)',
  },
};

/** @returns why the fault cannot be played on this machine, or undefined when it can. */
export function whatIsMissing(fault: Fault, backend: Backend, servers: Servers): string | undefined {
  if (backend === 'redis' && servers.redis === undefined)
    return 'needs redis-server (Debian: apt-get install redis-server)';
  const missing = (fault.needs ?? []).filter((need) => !needs[need].isMet());
  return missing.length === 0 ? undefined : missing.map((need) => needs[need].sentence).join(', ');
}

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const pollMs = 20;

/** Whether a process has ended; a zombie has. */
export function ended(pid: number): boolean {
  const fields = statOf(pid);
  return fields === undefined || fields[0] === 'Z';
}

/**
 * Fields of /proc/PID/stat from the third on, which is the state: the one before is the name of the program, and may hold
 * spaces. Undefined when the process has ended and nobody remembers it.
 */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Open files, sockets and pipes of a process; 0 when it has ended. */
export function openHandles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

/** `USER_HZ`: Linux counts CPU time for /proc in hundredths of a second, on every machine. */
const ticksPerSecond = 100;

/** CPU time that a process has used so far, in seconds; undefined when it has ended. Its children are not in it. */
export function cpuSeconds(pid: number): number | undefined {
  // utime and stime are fields 14 and 15.
  return secondsIn(statOf(pid), 11);
}

/** CPU time of a process's children that have ended, in seconds; undefined when the process itself has. */
export function endedChildrenSeconds(pid: number): number | undefined {
  // cutime and cstime are fields 16 and 17.
  return secondsIn(statOf(pid), 13);
}

function secondsIn(fields: readonly string[] | undefined, first: number): number | undefined {
  return fields && (Number(fields[first]) + Number(fields[first + 1])) / ticksPerSecond;
}

/** Resident memory of a process in bytes; 0 when it has ended. */
export function residentBytes(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}

/** The process whose child a process is; undefined when it has ended. */
export function parentOf(pid: number): number | undefined {
  const fields = statOf(pid);
  return fields && Number(fields[1]);
}

/** Processes that were started with all of these variables, and have not ended. @param variables `NAME=value` each. */
export function processesWith(variables: readonly string[]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const environment = new Set(environmentOf(pid));
      return variables.every((variable) => environment.has(variable)) && !ended(pid);
    });
}

/** Empty for a process that has ended, or is another user's. */
function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Waits until something holds. @throws Error when it does not in time. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  timeoutMs: number,
  what: string,
  signal?: AbortSignal,
): Promise<void> {
  const giveUp = performance.now() + timeoutMs;
  while (!(await holds())) {
    signal?.throwIfAborted();
    if (performance.now() > giveUp) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`);
    await pause(pollMs);
  }
}

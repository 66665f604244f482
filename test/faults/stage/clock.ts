import { existsSync, readdirSync } from 'node:fs';

/** Seconds by which the clock of a process is wrong: of the role's first, second, ... */
export type Clocks = (role: 'api' | 'worker', number: number) => number;

/** Path of the library that Debian's package brings; the one for programs with threads, as Node is. */
export function libfaketime(): string | undefined {
  const libraries = '/usr/lib';
  const folders = readdirSync(libraries).filter((name) => name.includes('-linux-'));
  return folders.map((name) => `${libraries}/${name}/faketime/libfaketimeMT.so.1`).find((file) => existsSync(file));
}

/** What makes a process read how wrong its wall clock is from a file, anew every second. */
export function fakeClock(file: string): Readonly<Record<string, string>> {
  return {
    LD_PRELOAD: libfaketime() ?? '',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    // Timers and the leases' own clocks are monotonic, and no wrong wall clock touches those.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}

import type { Check } from './check.js';

const megabyte = 1024 * 1024;
/**
 * Not the ten percent that a leak in the long run would need: a process of Node that has just started has compiled
 * little and kept little, so it grows by some tens of megabytes under its first load and gives few of them back.
 */
const spareBytes = 100 * megabyte;
const spareFactor = 1.5;

/** Of processes that lived through the whole run; lanes come and go, and what was killed began anew. */
export const memoryGoesBack: Check = {
  name: 'resident memory stays near what it was',
  find: ({ apps }) =>
    apps
      .filter(({ livedThrough }) => livedThrough)
      .filter(({ residentBefore: before, residentAfter }) => {
        return residentAfter > Math.max(before * spareFactor, before + spareBytes);
      })
      .map(({ name, residentBefore, residentAfter }) => ({
        what: `${name} holds ${inMegabytes(residentAfter)} MB; held ${inMegabytes(residentBefore)} MB`,
      })),
};

function inMegabytes(bytes: number): string {
  return (bytes / megabyte).toFixed(0);
}

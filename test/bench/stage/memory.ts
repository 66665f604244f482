import { readFileSync } from 'node:fs';
import { processTree } from './cpu.js';

/**
 * Memory of a process and of all it started, in bytes: the proportional set size, in which a page that processes share
 * counts for each of them in part.
 */
export function pssBytes(pid: number): number {
  return processTree(pid).reduce((sum, one) => sum + pssOf(one), 0);
}

/** 0 for a process that has ended meanwhile. */
function pssOf(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? '0') * 1024;
  } catch {
    return 0;
  }
}

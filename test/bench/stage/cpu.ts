import { readdirSync } from 'node:fs';
import { cpuSeconds, endedChildrenSeconds, parentOf } from '../../faults/stage/processes.js';
import type { Values } from '../measures.js';

/** A process with all it started, under the name by which it stands in a report. */
export interface Metered {
  readonly name: string;
  readonly pid: number;
}

/** Measures the CPU time of processes over a span. */
export class CpuMeter {
  private readonly before: readonly number[];

  constructor(private readonly processes: readonly Metered[]) {
    this.before = processes.map(({ pid }) => treeCpuSeconds(pid));
  }

  /** Seconds by name since it was made; processes of one name are added up. */
  read(): Values {
    const used: Record<string, number> = {};
    this.processes.forEach(({ name, pid }, index) => {
      used[name] = (used[name] ?? 0) + treeCpuSeconds(pid) - this.before[index];
    });
    return used;
  }
}

/** @returns microseconds of CPU time per unit of work. */
export function perUnit(cpu: Values, units: number): Values {
  return Object.fromEntries(Object.entries(cpu).map(([name, seconds]) => [name, (seconds * 1e6) / Math.max(1, units)]));
}

/** A process and its descendants. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = parentOf(Number(entry));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const tree = [pid];
  for (let index = 0; index < tree.length; index += 1) tree.push(...(children.get(tree[index]) ?? []));
  return tree;
}

/** CPU time of a process, of all it started, and of those of them that have ended since. */
function treeCpuSeconds(pid: number): number {
  const living = processTree(pid).reduce((sum, one) => sum + (cpuSeconds(one) ?? 0), 0);
  return living + (endedChildrenSeconds(pid) ?? 0);
}

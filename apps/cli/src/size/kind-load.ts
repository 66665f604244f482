import { InvalidArgumentError } from 'commander';

/** The groups of workers that `deploy/kubernetes` has. */
export const workerGroups = ['io', 'cpu'] as const;
export type WorkerGroup = (typeof workerGroups)[number];

/** A kind of work as it is expected to come. */
export interface KindLoad {
  readonly kind: string;
  /** Mean time of one job, in seconds. */
  readonly seconds: number;
  /** Cores that one job uses while it runs, on average. */
  readonly cores: number;
  /** Share of all tasks, 0 to 1. */
  readonly share: number;
  readonly group: WorkerGroup;
}

/** Which group runs a kind in `deploy/kubernetes`; any other goes by its CPU. */
const groupsOfKinds: Readonly<Record<string, WorkerGroup>> = {
  web_scrape: 'io',
  content_generation: 'io',
  content_revision: 'io',
  content_evaluation: 'io',
  simulation: 'cpu',
};
const units = { ms: 0.001, s: 1, m: 60, h: 3_600 } as const;
const form = /^([a-z][a-z\d_]*):(\d+(?:\.\d+)?)(ms|s|m|h):(\d+(?:\.\d+)?)cpu(?::(\d+(?:\.\d+)?)%)?(?::(io|cpu))?$/;

/** Whether the workers of a group take this kind in `deploy/kubernetes` as it stands. */
export function isDeployed({ kind, group }: KindLoad): boolean {
  return groupsOfKinds[kind] === group;
}

/**
 * Reads `web_scrape:30s:0.5cpu`, with `:25%` when it is not an equal share, and `:io` or `:cpu` when it runs in
 * another group than usual.
 * @throws InvalidArgumentError
 */
export function readKinds(texts: readonly string[]): KindLoad[] {
  const parts = texts.map((text) => {
    const [, kind, time, unit, cpu, percent, group] = form.exec(text) ?? [];
    if (kind === undefined)
      throw new InvalidArgumentError(`"${text}" is not like web_scrape:30s:0.5cpu or …:0.5cpu:25%:io.`);
    const cores = Number(cpu);
    const seconds = Number(time) * units[unit as keyof typeof units];
    if (seconds <= 0) throw new InvalidArgumentError(`"${text}" takes no time.`);
    return {
      ...{ kind, seconds, cores, percent: percent === undefined ? null : Number(percent) },
      group: (group as WorkerGroup | undefined) ?? groupsOfKinds[kind] ?? (cores >= 0.5 ? 'cpu' : 'io'),
    };
  });
  if (new Set(parts.map(({ kind }) => kind)).size < parts.length)
    throw new InvalidArgumentError('A kind is given twice.');
  const given = parts.reduce((sum, { percent }) => sum + (percent ?? 0), 0);
  const open = parts.filter(({ percent }) => percent === null).length;
  if (given > 100.01 || (open === 0 && given < 99.99)) {
    throw new InvalidArgumentError(`The shares make ${given} %; they have to make 100 %.`);
  }
  const rest = open === 0 ? 0 : (100 - given) / open;
  return parts.map(({ percent, ...kind }) => ({ ...kind, share: (percent ?? rest) / 100 }));
}

import { rm } from 'node:fs/promises';
import { markdownTable } from '../report/table.js';
import { print, played, withServers, type PlayOptions } from '../play-all.js';
import type { Verdict } from '../report/verdict.js';
import type { Servers } from '../stage/stage.js';
import type { Bug } from './bug.js';
import { seededTree } from './seeded-tree.js';

interface Row {
  /** Undefined: the control, the same without a bug. */
  readonly bug: Bug | undefined;
  readonly verdict: Verdict;
  readonly right: boolean;
}
type BugOptions = Omit<PlayOptions, 'faults' | 'backends' | 'jobs' | 'bug'> & { readonly bugs: readonly Bug[] };

/**
 * Tries each bug in a copy of the sources, and every situation once without any bug; prints what became of them.
 * @returns whether each bug was caught, by a check that is meant to, and nothing was found without one.
 */
export async function playBugs(options: BugOptions): Promise<boolean> {
  const rows: Row[] = [];
  await withServers(options.folder, async (servers) => {
    for (const bug of options.bugs) {
      if (options.signal.aborted) break;
      rows.push(told(await withBug(servers, bug, options)));
    }
    for (const { name, fault, backend, jobs } of situationsOf(options.bugs)) {
      if (options.signal.aborted) break;
      const verdict = await played(servers, fault, backend, { ...options, bug: name, jobs });
      rows.push(told({ bug: undefined, verdict, right: verdict.verdict === 'survived' }));
    }
  });
  print(`\n${tableOf(rows)}\n\n${rows.filter(({ right }) => right).length} of ${rows.length} as they should be.`);
  return rows.every(({ right }) => right);
}

async function withBug(servers: Servers, bug: Bug, options: BugOptions): Promise<Row> {
  const { fault, backend, jobs } = bug;
  const root = await seededTree(options.root, options.folder, bug);
  try {
    // What is found is what is wanted: no need to look into it.
    const keep = options.keep === 'all' ? 'all' : 'none';
    const verdict = await played(servers, fault, backend, { ...options, bug: bug.name, jobs, root, keep });
    const wanted = new Set(bug.caughtBy.map(({ name }) => name));
    return { bug, verdict, right: verdict.findings.some(({ check }) => wanted.has(check)) };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Bugs share situations; each is tried once without a bug, with the most jobs that one of them has. */
function situationsOf(bugs: readonly Bug[]): Bug[] {
  const ofEach = Map.groupBy(bugs, ({ fault, backend }) => `${backend} ${fault.name}`).values();
  return [...ofEach].map((same) => same.reduce((most, bug) => (bug.jobs > most.jobs ? bug : most)));
}

function told(row: Row): Row {
  print(`${row.bug?.name ?? 'no bug'}: ${cells(row).slice(1).join(', ')} in ${row.verdict.seconds.toFixed(0)} s`);
  return row;
}

function cells({ bug, verdict, right }: Row): string[] {
  const { fault, backend, jobs } = verdict.options;
  const found = verdict.findings.map(({ check, violations }) => `${check} (${violations.length})`).join('; ');
  const judged = isTried(verdict) ? judgedAs(bug, right) : 'NOT TRIED';
  const why = verdict.why === undefined ? [] : [`${verdict.verdict}: ${verdict.why}`];
  return [bug?.title ?? 'none', fault.name, backend, String(jobs), [...why, found].join(' ') || 'nothing', judged];
}

/** A run that could not be played to its end says nothing about the bug. */
function isTried({ verdict }: Verdict): boolean {
  return verdict === 'survived' || verdict === 'VIOLATED';
}

function judgedAs(bug: Bug | undefined, right: boolean): string {
  if (bug === undefined) return right ? 'clean' : 'NOT CLEAN';
  return right ? 'CAUGHT' : 'MISSED';
}

function tableOf(rows: readonly Row[]): string {
  return markdownTable([['bug', 'fault', 'backend', 'jobs', 'found', 'verdict'], ...rows.map(cells)]);
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence } from '../checks/evidence.js';
import { cpuInOutages } from '../checks/cpu.js';
import type { RunOptions } from '../run-fault.js';
import type { Verdict } from './verdict.js';

/** The command that plays the same fault with the same choices again. */
export function commandFor({ fault, bug, backend, jobs, seed, settings, brief }: Verdict['options']): string {
  if (bug !== undefined) return `npm run faults -- --bug ${bug} --seed ${seed} --settings ${settings}`;
  const options = `--fault ${fault.name} --backend ${backend} --jobs ${jobs} --seed ${seed} --settings ${settings}`;
  return `npm run faults -- ${options}${brief ? ' --brief' : ''}`;
}

/**
 * Writes down what a fault showed, beside the logs: the findings, and all that is known of the jobs they name and of
 * the one that recovered last.
 */
export async function keepFindings(
  folder: string,
  verdict: Omit<Verdict, 'options'>,
  options: RunOptions,
  evidence: Evidence | undefined,
): Promise<void> {
  const ids = new Set(verdict.findings.flatMap(({ violations }) => violations.flatMap(({ taskId }) => taskId ?? [])));
  if (verdict.recovery?.slowest !== undefined) ids.add(verdict.recovery.slowest);
  const jobs = [...ids].map((taskId) => ({
    job: evidence?.jobs.get(taskId) ?? { id: taskId },
    accepted: evidence?.accepted.find((entry) => entry.taskId === taskId),
    effects: evidence?.effects.filter((call) => call.taskId === taskId),
  }));
  const report = {
    command: commandFor(options),
    seed: options.seed,
    verdict: verdict.verdict,
    why: verdict.why,
    recovery: verdict.recovery,
    blows: evidence?.blows,
    met: verdict.met,
    apps: evidence?.apps,
    residentBytes: { before: evidence?.residentBefore, after: evidence?.residentAfter },
    lanes: evidence?.lanes,
    cpuInOutages: evidence === undefined ? undefined : cpuInOutages(evidence),
    findings: verdict.findings,
    jobs,
  };
  await writeFile(join(folder, 'findings.json'), `${JSON.stringify(report, null, 2)}\n`);
}

import type { Check } from './check.js';
import { contentChecks } from './content-checks.js';
import { isAdmitted, serviceChecks } from './service-checks.js';
import { taskChecks } from './task-checks.js';
import { ended, Target, type TargetOptions } from './target.js';

/** How a check went. */
export interface CheckResult {
  readonly name: string;
  readonly outcome: 'good' | 'missed' | 'skipped' | 'not tried';
  /** What was missed, or why it was skipped or not tried. */
  readonly why: string;
  readonly milliseconds: number;
}

/** Makes all checks, one after the other, and tells of each; without an answer or a good token only the first ones. */
export async function runSmoke(options: TargetOptions, tell: (result: CheckResult) => void): Promise<CheckResult[]> {
  const target = new Target(await withAdmin(options));
  const results: CheckResult[] = [];
  for (const check of [...serviceChecks, ...taskChecks, ...contentChecks()]) {
    const begin = performance.now();
    const outcome = await outcomeOf(check, target, results);
    const result = { name: check.name, ...outcome, milliseconds: Math.round(performance.now() - begin) };
    results.push(result);
    tell(result);
  }
  await cleanUp(target);
  return results;
}

/** The user's own token serves as the admin's too, when it is one. */
async function withAdmin(options: TargetOptions): Promise<TargetOptions> {
  const { user, admin } = options.tokens;
  if (admin !== undefined) return options;
  const { json } = await new Target(options).call('GET', '/auth/me').catch(() => ({ json: {} }));
  return json.roles?.includes('admin') ? { ...options, tokens: { ...options.tokens, admin: user } } : options;
}

async function outcomeOf(
  check: Check,
  target: Target,
  before: readonly CheckResult[],
): Promise<Pick<CheckResult, 'outcome' | 'why'>> {
  const { as, after } = check;
  if (before.some(({ name, outcome }) => name === isAdmitted && outcome === 'missed')) {
    return { outcome: 'not tried', why: '' };
  }
  if (as !== undefined && target.options.tokens[as] === undefined) {
    return { outcome: 'skipped', why: `needs --${as}-token` };
  }
  if (before.some(({ name, outcome }) => name === after && outcome === 'missed')) {
    return { outcome: 'missed', why: `not tried, because "${after}" was missed` };
  }
  try {
    await check.run(target);
    return { outcome: 'good', why: '' };
  } catch (error) {
    // An answer of another form than expected is a miss too.
    return { outcome: 'missed', why: (error as Error).message };
  }
}

/** Tasks cannot be removed; what a miss left unfinished is cancelled, if somebody may. */
async function cleanUp(target: Target): Promise<void> {
  if (target.options.tokens.admin === undefined) return;
  for (const id of target.tasks) {
    const { json } = await target.call('GET', `/tasks/${id}`).catch(() => ({ json: {} }));
    if (json.status === undefined || ended.includes(json.status)) continue;
    await target.call('DELETE', `/tasks/${id}`, { as: 'admin' }).catch(() => undefined);
  }
}

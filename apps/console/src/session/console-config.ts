import { problemOf, Unreachable } from '../api/problem.js';
import type { components } from '../api/schema.js';

export type ConsoleConfig = components['schemas']['ConsoleConfigDto'];

let loading: Promise<ConsoleConfig> | null = null;

/** Asked for once. @throws Problem, Unreachable; then it is asked for again. */
export function consoleConfig(): Promise<ConsoleConfig> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<ConsoleConfig> {
  const answer = await fetch('/console/config').catch((error: unknown) => {
    throw new Unreachable(error);
  });
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw problemOf(answer.status, body);
  return body as ConsoleConfig;
}

import { problemOf, Unreachable } from '../api/problem.js';

/** Answer of `GET /console/config`. */
export interface ConsoleConfig {
  readonly issuer: 'local' | 'oidc';
  readonly oidc?: { readonly authority: string; readonly client_id: string; readonly scope: string } | undefined;
  /** Address of a trace, with `{trace_id}` in it; null where traces are kept nowhere. */
  readonly trace_url_template: string | null;
  readonly queue_board: boolean;
}

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

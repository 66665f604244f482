import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line says that is logged on behalf of one request or attempt. */
export interface LogFields {
  readonly request_id?: string;
  readonly trace_id?: string | null;
  readonly job_id?: string;
  readonly kind?: string;
  readonly attempt?: number;
}

const storage = new AsyncLocalStorage<LogFields | undefined>();

export function withLogFields<T>(fields: LogFields | undefined, work: () => T): T {
  return storage.run(fields, work);
}

export function currentLogFields(): LogFields | undefined {
  return storage.getStore();
}

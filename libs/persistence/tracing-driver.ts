import { context } from '@opentelemetry/api';
import pg, { type PoolClient } from 'pg';

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void;

/** Hands a connection over in the context of whoever asked for it, not in that of whoever gave it back. */
class ContextPool extends pg.Pool {
  override connect(): Promise<PoolClient>;
  override connect(connected: Connected): void;
  override connect(connected?: Connected): Promise<PoolClient> | void {
    if (connected === undefined) return super.connect();
    super.connect(context.bind(context.active(), connected));
  }
}

/** What TypeORM takes for the package `pg`, while there are traces. */
export const tracingDriver = { ...pg, Pool: ContextPool };

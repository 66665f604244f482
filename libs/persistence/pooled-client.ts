import { isTracing } from '@longhaul/telemetry';
import { Client, type ClientConfig } from 'pg';
import { tracedQuery } from './traced-query.js';

/**
 * A connection that never ends the process. A pool listens for errors only while a connection is idle, and its user
 * only once it has been handed over: a server that says good-bye in the very packet that ends the login, or right after
 * an answer, meets nobody, and an `error` event that nobody hears ends the process. Whoever uses the connection learns
 * of its end by the next query, which fails.
 */
export class PooledClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    if (isTracing()) this.query = tracedQuery(this.query.bind(this)) as never;
  }
}

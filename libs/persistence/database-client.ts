import type { ClientConfig } from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import type { Config } from '@longhaul/config';
import { EntraTokens } from './entra-tokens.js';
import { PooledClient } from './pooled-client.js';

/** One for each identity: all pools and listeners of a process share its token. */
const tokensByIdentity = new Map<string, EntraTokens>();

/**
 * The class of connections to DATABASE_URL and MIGRATION_DATABASE_URL: every pool and every listener is made with it.
 * With DATABASE_AUTH=entra a connection asks for its password when it signs in, so one that is opened hours later has a
 * token that is valid then. PostgreSQL looks at it at the sign-in only: connections outlive their tokens.
 */
export function databaseClient(config: Config): typeof PooledClient {
  if (config.DATABASE_AUTH === 'password') return PooledClient;
  const tokens = tokensOf(config);
  return class EntraClient extends PooledClient {
    constructor(options?: string | ClientConfig) {
      const { connectionString, ...others } =
        typeof options === 'string' ? { connectionString: options } : (options ?? {});
      // A password in the options would give way to the one in a URL, also where that has none.
      const place = connectionString === undefined ? {} : parseIntoClientConfig(connectionString);
      super({ ...others, ...place, password: () => tokens.token() });
    }
  };
}

function tokensOf(config: Config): EntraTokens {
  const { AZURE_AUTHORITY_HOST, AZURE_TENANT_ID, AZURE_CLIENT_ID } = config;
  const identity = [AZURE_AUTHORITY_HOST, AZURE_TENANT_ID, AZURE_CLIENT_ID].join(' ');
  const tokens = tokensByIdentity.get(identity) ?? new EntraTokens(config);
  tokensByIdentity.set(identity, tokens);
  return tokens;
}

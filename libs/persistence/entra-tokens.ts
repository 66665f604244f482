import { readFile } from 'node:fs/promises';
import type { Config } from '@longhaul/config';

/** What the token is for: Azure's PostgreSQL servers. */
const scope = 'https://ossrdbms-aad.database.windows.net/.default';
/** A token that lives shorter than this is not used for a new connection, in milliseconds. */
const leastLifeMs = 120_000;
/** How long Entra may take to answer, in milliseconds. */
const patienceMs = 10_000;

interface Token {
  readonly value: string;
  /** By this process's monotonic clock, in milliseconds. */
  readonly goodUntil: number;
}

/**
 * Access tokens of Microsoft Entra for a workload identity: the service account's token, which Kubernetes writes into a
 * file and renews there, is exchanged for one by OAuth 2.0's client credentials grant with a JWT as the client's
 * assertion (RFC 7523). That is one request, for which Azure's own SDK would bring a dozen packages along.
 */
export class EntraTokens {
  private current: Token | null = null;
  private asking: Promise<Token> | null = null;

  constructor(
    private readonly config: Pick<
      Config,
      'AZURE_AUTHORITY_HOST' | 'AZURE_TENANT_ID' | 'AZURE_CLIENT_ID' | 'AZURE_FEDERATED_TOKEN_FILE'
    >,
  ) {}

  /**
   * A token that is good for two minutes at least, or for as long as Entra gives one. Whoever asks at the same time
   * shares one exchange.
   * @throws Error that says what Entra said.
   */
  async token(): Promise<string> {
    if (this.current !== null && this.current.goodUntil - leastLifeMs > performance.now()) return this.current.value;
    this.asking ??= this.exchange().finally(() => (this.asking = null));
    this.current = await this.asking;
    return this.current.value;
  }

  private async exchange(): Promise<Token> {
    const { AZURE_AUTHORITY_HOST, AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE } = this.config;
    const askedAt = performance.now();
    const response = await fetch(new URL(`/${AZURE_TENANT_ID}/oauth2/v2.0/token`, AZURE_AUTHORITY_HOST), {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: AZURE_CLIENT_ID,
        scope,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        // Read each time: it is replaced about once an hour.
        client_assertion: (await readFile(AZURE_FEDERATED_TOKEN_FILE, 'utf8')).trim(),
      }),
    });
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    const { access_token: value, expires_in: seconds, error, error_description: why } = answer;
    if (!response.ok || typeof value !== 'string' || !Number.isFinite(Number(seconds))) {
      throw new Error(
        `Entra gave no token for the database: ${[response.status, error, why].filter(Boolean).join(' ')}`,
      );
    }
    return { value, goodUntil: askedAt + Number(seconds) * 1000 };
  }
}

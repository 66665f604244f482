import * as oauth from 'oauth4webapi';
import { problemOf, Unreachable } from '../api/problem.js';
import type { components } from '../api/schema.js';
import type { ConsoleConfig } from './console-config.js';
import type { Grant, Issuer } from './issuer.js';

type OidcConfig = NonNullable<ConsoleConfig['oidc']>;

/** What has to outlive the way to the provider and back; kept for this tab alone, and no token among it. */
interface Journey {
  readonly verifier: string;
  readonly state: string;
  readonly returnTo: string;
}

const journeyKey = 'longhaul-oidc-journey';
/** Says that this tab was signed in, so that a reload goes to the provider and back without asking. */
const knownKey = 'longhaul-oidc-known';

/** An OpenID Connect provider: authorization code with PKCE. All tokens stay in memory. */
export class OidcIssuer implements Issuer {
  readonly isShared = false;
  private server: Promise<oauth.AuthorizationServer> | null = null;
  private refreshToken: string | null = null;
  /** Counts what was forgotten: what was asked for before is dropped. */
  private era = 0;
  private readonly client: oauth.Client;
  private readonly security: ReturnType<typeof insecureIfLocal>;

  constructor(private readonly config: OidcConfig) {
    this.client = { client_id: config.client_id };
    this.security = insecureIfLocal(new URL(config.authority));
  }

  get canRenew(): boolean {
    return this.refreshToken !== null;
  }

  /** Whether a sign-in may go on without a click. */
  get isKnown(): boolean {
    return sessionStorage.getItem(knownKey) !== null;
  }

  /** Leaves the page for the provider's. @param returnTo path within the console to come back to. */
  async leave(returnTo: string): Promise<void> {
    const server = await this.discovered();
    if (server.authorization_endpoint === undefined) throw new Error('The provider names no authorization endpoint.');
    const journey = { verifier: oauth.generateRandomCodeVerifier(), state: oauth.generateRandomState(), returnTo };
    sessionStorage.setItem(journeyKey, JSON.stringify(journey));
    const to = new URL(server.authorization_endpoint);
    const query = {
      client_id: this.client.client_id,
      redirect_uri: redirectUri(),
      response_type: 'code',
      scope: this.config.scope,
      code_challenge: await oauth.calculatePKCECodeChallenge(journey.verifier),
      code_challenge_method: 'S256',
      state: journey.state,
    };
    for (const [name, value] of Object.entries(query)) to.searchParams.set(name, value);
    location.assign(to);
  }

  /** Takes the answer that the provider sent the browser back with. @throws Error when it was refused or is not ours. */
  async arrive(address: URL): Promise<{ grant: Grant; returnTo: string }> {
    const kept = sessionStorage.getItem(journeyKey);
    sessionStorage.removeItem(journeyKey);
    // Only a sign-in that worked is begun again without asking.
    sessionStorage.removeItem(knownKey);
    const { era } = this;
    if (kept === null) throw new Error('This tab has not asked for a sign-in.');
    const journey = JSON.parse(kept) as Journey;
    const server = await this.discovered();
    const parameters = oauth.validateAuthResponse(server, this.client, address, journey.state);
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      this.client,
      oauth.None(),
      parameters,
      redirectUri(),
      journey.verifier,
      this.security,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, this.client, answer);
    const grant = await this.granted(tokens, era);
    sessionStorage.setItem(knownKey, '1');
    return { grant, returnTo: journey.returnTo };
  }

  async renew(): Promise<Grant | null> {
    if (this.refreshToken === null) return null;
    const { era } = this;
    const server = await this.discovered();
    try {
      const answer = await oauth.refreshTokenGrantRequest(
        server,
        this.client,
        oauth.None(),
        this.refreshToken,
        this.security,
      );
      return await this.granted(await oauth.processRefreshTokenResponse(server, this.client, answer), era);
    } catch (error) {
      // Anything else may pass.
      if (error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant') return null;
      throw error;
    }
  }

  /** Forgets the tokens; the session at the provider is the provider's. */
  signOut(): Promise<void> {
    this.forget();
    return Promise.resolve();
  }

  forget(): void {
    this.era += 1;
    this.refreshToken = null;
    sessionStorage.removeItem(knownKey);
  }

  private discovered(): Promise<oauth.AuthorizationServer> {
    const authority = new URL(this.config.authority);
    this.server ??= oauth
      .discoveryRequest(authority, this.security)
      .then((answer) => oauth.processDiscoveryResponse(authority, answer))
      .catch((error: unknown) => {
        this.server = null;
        throw error instanceof TypeError ? new Unreachable(error) : error;
      });
    return this.server;
  }

  /** @throws Error when all was forgotten since `era`. */
  private async granted(tokens: oauth.TokenEndpointResponse, era: number): Promise<Grant> {
    this.mustBeIn(era);
    this.refreshToken = tokens.refresh_token ?? this.refreshToken;
    const answer = await fetch('/auth/me', { headers: { authorization: `Bearer ${tokens.access_token}` } }).catch(
      (error: unknown) => {
        throw new Unreachable(error);
      },
    );
    const body: unknown = await answer.json().catch(() => null);
    this.mustBeIn(era);
    if (!answer.ok) throw problemOf(answer.status, body);
    const { subject, username, roles } = body as components['schemas']['MeDto'];
    return {
      accessToken: tokens.access_token,
      expiresIn: tokens.expires_in ?? 300,
      user: { id: subject, username, roles },
    };
  }

  private mustBeIn(era: number): void {
    if (this.era !== era) throw new Error('It was signed out meanwhile.');
  }
}

function redirectUri(): string {
  return `${location.origin}/console/sign-in`;
}

/** Only a provider on this very machine may be without TLS: one for development. */
function insecureIfLocal({ hostname }: URL): { [oauth.allowInsecureRequests]?: boolean } {
  return ['localhost', '127.0.0.1'].includes(hostname) ? { [oauth.allowInsecureRequests]: true } : {};
}

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const audience = 'https://longhaul.example/api';
const clientId = 'console';

interface GrantContext {
  readonly oidc: {
    readonly session: { readonly accountId: string };
    readonly provider: { readonly Grant: new (of: { clientId: string; accountId: string }) => Grant };
  };
}
interface Grant {
  addOIDCScope(scope: string): void;
  addResourceScope(resource: string, scope: string): void;
  save(): Promise<string>;
}

/**
 * An OpenID Connect provider whose people sign in with any name: the console is a public client, so PKCE is a must. Its token
 * endpoint is at an origin of its own.
 */
export class TestProvider {
  private answer: RequestListener = (_request, response) => response.writeHead(503).end();
  private readonly server = this.makeServer();
  private readonly tokenServer = this.makeServer();

  async start(): Promise<this> {
    for (const server of [this.server, this.tokenServer]) {
      server.listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
    }
    return this;
  }

  get issuer(): string {
    return addressOf(this.server);
  }

  get tokenEndpoint(): string {
    return `${addressOf(this.tokenServer)}/token`;
  }

  /** Settings of an api that takes its tokens. */
  get settings(): Readonly<Record<string, string>> {
    const token = { OIDC_AUDIENCE: audience, OIDC_ROLES_CLAIM: 'realm_access.roles' };
    return { AUTH_LOCAL: 'false', OIDC_ISSUER: this.issuer, ...token };
  }

  /** Those of an api whose console is its client. */
  get consoleSettings(): Readonly<Record<string, string>> {
    return { ...this.settings, OIDC_CONSOLE_CLIENT_ID: clientId, OIDC_CONSOLE_SCOPE: 'openid profile api' };
  }

  /** @param consoleUrl of the api whose people come here to sign in. */
  async serve(consoleUrl: string): Promise<void> {
    const provider = await providerFor(this.issuer, `${consoleUrl}/console/sign-in`);
    provider.use(async (context, next) => {
      await next();
      if (context.path !== '/.well-known/openid-configuration') return;
      context.body = { ...(context.body as object), token_endpoint: this.tokenEndpoint };
    });
    this.answer = provider.callback();
  }

  async stop(): Promise<void> {
    for (const server of [this.server, this.tokenServer]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  private makeServer(): Server {
    return createServer((request, response) => this.answer(request, response));
  }
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function providerFor(issuer: string, redirectUri: string): Promise<Provider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [redirectUri],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'first', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['a key of the test'] },
    pkce: { required: () => true },
    clientBasedCORS: () => true,
    issueRefreshToken: () => true,
    findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    extraTokenClaims: () => ({ realm_access: { roles: ['editor'] } }),
    loadExistingGrant: async ({ oidc: { session, provider } }: GrantContext) => {
      const grant = new provider.Grant({ clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile');
      grant.addResourceScope(audience, 'api');
      await grant.save();
      return grant;
    },
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          audience,
          scope: 'api',
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
}

import type { KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { CONFIG, type Config } from '@longhaul/config';
import { ACCESS_TOKEN_TYPE, LOCAL_TOKEN_ISSUER } from './access-tokens.js';
import { TokenRefused } from './auth-errors.js';
import { bearerToken, readUnverified, type UnverifiedToken } from './bearer-token.js';
import { expiryOf, keyProvider } from './key-provider.js';
import { knownRoles, LOCAL_ISSUER, type Principal } from './principal.js';
import { LOCAL_ALGORITHM, SigningKeys } from './signing-keys.js';
import { UsersService } from './users.service.js';
import { VerifiedTokens } from './verified-tokens.js';

interface LocalClaims {
  readonly sub?: unknown;
  readonly ver?: unknown;
  readonly exp?: unknown;
}

/** Access tokens of the built-in issuer. The user's row decides: whether it is active, and which roles it has now. */
@Injectable()
export class LocalJwtStrategy extends PassportStrategy(Strategy, 'longhaul-local') {
  constructor(
    @Inject(CONFIG) config: Config,
    private readonly keys: SigningKeys,
    private readonly users: UsersService,
    private readonly verified: VerifiedTokens,
  ) {
    super({
      passReqToCallback: true,
      jwtFromRequest: bearerToken as never,
      secretOrKeyProvider: keyProvider((token) => keyOf(token, config, keys)),
      issuer: LOCAL_TOKEN_ISSUER,
      audience: config.JWT_AUDIENCE,
      algorithms: [LOCAL_ALGORITHM],
    });
  }

  /** Called by passport with the claims of a token whose signature, issuer, audience and times are right. */
  async validate(request: { raw: IncomingMessage }, { sub, ver, exp }: LocalClaims): Promise<Principal | null> {
    const expiresAt = expiryOf({ exp });
    if (typeof sub !== 'string' || !uuid.test(sub) || !Number.isInteger(ver) || expiresAt === undefined) return null;
    const principal = () => this.activeUser(sub, ver as number, expiresAt);
    const token = bearerToken(request);
    if (token !== null) {
      const { kid } = readUnverified(token).header;
      this.verified.remember(token, expiresAt, async () =>
        (await this.keys.verifying(String(kid))) === undefined ? null : principal(),
      );
    }
    return principal();
  }

  private async activeUser(id: string, version: number, expiresAt: Date): Promise<Principal | null> {
    const user = await this.users.findActive(id, version);
    if (user === null) return null;
    return {
      subject: user.id,
      username: user.username,
      roles: knownRoles(user.roles),
      issuer: LOCAL_ISSUER,
      expiresAt,
    };
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function keyOf({ header, payload }: UnverifiedToken, config: Config, keys: SigningKeys): Promise<KeyObject> {
  if (!config.AUTH_LOCAL || payload.iss !== LOCAL_TOKEN_ISSUER) throw new TokenRefused('not of the built-in issuer');
  if (header.alg !== LOCAL_ALGORITHM) throw new TokenRefused('algorithm');
  if (header.typ !== ACCESS_TOKEN_TYPE) throw new TokenRefused('no access token');
  const key = typeof header.kid === 'string' ? await keys.verifying(header.kid) : undefined;
  if (key === undefined) throw new TokenRefused('unknown key');
  return key;
}

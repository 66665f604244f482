import type { KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { CONFIG, type Config } from '@longhaul/config';
import { TokenRefused } from './auth-errors.js';
import { bearerToken, readUnverified, type UnverifiedToken } from './bearer-token.js';
import { keyProvider } from './key-provider.js';
import { principalOfClaims } from './oidc-claims.js';
import { OidcKeys } from './oidc-keys.js';
import type { Principal } from './principal.js';
import { VerifiedTokens } from './verified-tokens.js';

/** How far the provider's clock may be off. */
const leewaySeconds = 30;
/** Values of `typ` under which providers send access tokens; others (logout+jwt, dpop+jwt, …) are something else. */
const accessTokenTypes = new Set(['jwt', 'at+jwt', 'application/at+jwt']);

/** Access tokens of the OpenID Connect provider of the configuration. */
@Injectable()
export class OidcJwtStrategy extends PassportStrategy(Strategy, 'longhaul-oidc') {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keys: OidcKeys,
    private readonly verified: VerifiedTokens,
  ) {
    super({
      passReqToCallback: true,
      jwtFromRequest: bearerToken as never,
      secretOrKeyProvider: keyProvider((token) => keyOf(token, config, keys)),
      issuer: config.OIDC_ISSUER,
      audience: config.OIDC_AUDIENCE,
      algorithms: config.OIDC_ALGORITHMS as NonNullable<StrategyOptionsWithoutRequest['algorithms']>,
      jsonWebTokenOptions: { clockTolerance: leewaySeconds },
    });
  }

  /** Called by passport with the claims of a token whose signature, issuer, audience and times are right. */
  validate(request: { raw: IncomingMessage }, claims: Record<string, unknown>): Principal | null {
    const principal = principalOfClaims(claims, this.config);
    const token = bearerToken(request);
    if (token !== null && principal !== null) {
      const unverified = readUnverified(token);
      // Throws when the provider has withdrawn the key.
      this.verified.remember(token, principal.expiresAt, () =>
        keyOf(unverified, this.config, this.keys).then(
          () => principal,
          () => null,
        ),
      );
    }
    return principal;
  }
}

async function keyOf({ header, payload }: UnverifiedToken, config: Config, keys: OidcKeys): Promise<KeyObject> {
  const { alg, kid, typ } = header;
  if (config.OIDC_ISSUER === '' || payload.iss !== config.OIDC_ISSUER) throw new TokenRefused('not of the provider');
  if (typeof alg !== 'string' || !config.OIDC_ALGORITHMS.includes(alg)) throw new TokenRefused('algorithm');
  if (kid !== undefined && typeof kid !== 'string') throw new TokenRefused('kid is no string');
  if (typ !== undefined && !(typeof typ === 'string' && accessTokenTypes.has(typ.toLowerCase()))) {
    throw new TokenRefused('no access token');
  }
  return keys.find({ alg, ...(kid === undefined ? {} : { kid }) });
}

import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { CONFIG, type Config } from '@longhaul/config';
import { LOCAL_ALGORITHM, SigningKeys } from './signing-keys.js';
import type { UserEntity } from './user.entity.js';

/** `iss` of our own tokens. Not the public address: all replicas must agree, whatever port or name they are reached by. */
export const LOCAL_TOKEN_ISSUER = 'urn:longhaul:issuer';
/** `typ` of our own tokens, by RFC 9068: nothing else that we may ever sign can pass for an access token. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

export interface AccessToken {
  readonly token: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Signs access tokens of the built-in issuer. */
@Injectable()
export class AccessTokens {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keys: SigningKeys,
  ) {}

  async sign(user: Pick<UserEntity, 'id' | 'username' | 'roles' | 'authVersion'>): Promise<AccessToken> {
    const { kid, key } = await this.keys.signing();
    const expiresIn = this.config.ACCESS_TOKEN_SECONDS;
    const now = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ preferred_username: user.username, roles: user.roles, ver: user.authVersion })
      .setProtectedHeader({ alg: LOCAL_ALGORITHM, kid, typ: ACCESS_TOKEN_TYPE })
      .setIssuer(LOCAL_TOKEN_ISSUER)
      .setAudience(this.config.JWT_AUDIENCE)
      .setSubject(user.id)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + expiresIn)
      .sign(key);
    return { token, expiresIn };
  }
}

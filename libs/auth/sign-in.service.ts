import { Injectable } from '@nestjs/common';
import { AccessTokens } from './access-tokens.js';
import { invalidCredentials, invalidGrant, invalidLink } from './auth-errors.js';
import { generatePassword, hashPassword, verifyPassword } from './passwords.js';
import type { Role } from './principal.js';
import { RefreshTokens } from './refresh-tokens.js';
import { SignInLinks } from './sign-in-links.js';
import { UsersService } from './users.service.js';

/** Who signed in, as the row says now. */
export interface SignedInUser {
  readonly id: string;
  readonly username: string;
  readonly roles: readonly Role[];
}

/** What a sign-in or a refresh gives. Times in seconds. */
export interface TokenPair {
  readonly user: SignedInUser;
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly refreshExpiresIn: number;
}

/** The built-in issuer's ways to get tokens and to give them up. */
@Injectable()
export class SignInService {
  /** Checked in place of the hash of a user who does not exist, so that the answer takes as long. */
  private readonly dummyHash = hashPassword(generatePassword());

  constructor(
    private readonly users: UsersService,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly links: SignInLinks,
  ) {}

  /** @throws UnauthorizedException `invalid_credentials` */
  async withPassword(username: string, password: string): Promise<TokenPair> {
    const user = await this.users.findByUsername(username);
    const matches = await verifyPassword(user?.passwordHash ?? (await this.dummyHash), password);
    if (user === null || !matches || user.disabledAt !== null) throw invalidCredentials();
    return this.pair(user, await this.refreshTokens.issue(user), this.refreshTokens.expiresIn);
  }

  /** Uses a link up. @throws UnauthorizedException `invalid_grant` */
  async withLink(ticket: string): Promise<TokenPair> {
    const user = await this.links.redeem(ticket);
    if (user === undefined) throw invalidLink();
    return this.pair(user, await this.refreshTokens.issue(user), this.refreshTokens.expiresIn);
  }

  /** @throws UnauthorizedException `invalid_grant` */
  async refresh(refreshToken: string): Promise<TokenPair> {
    const rotated = await this.refreshTokens.rotate(refreshToken);
    if (rotated === undefined) throw invalidGrant();
    return this.pair(rotated.user, rotated.token, rotated.expiresIn);
  }

  /** Ends the session that the refresh token belongs to; access tokens run out by themselves. */
  async signOut(refreshToken: string): Promise<void> {
    await this.refreshTokens.revokeFamily(refreshToken);
  }

  private async pair(
    user: Parameters<AccessTokens['sign']>[0],
    refreshToken: string,
    refreshExpiresIn: number,
  ): Promise<TokenPair> {
    const { token, expiresIn } = await this.accessTokens.sign(user);
    const { id, username, roles } = user;
    return { user: { id, username, roles }, accessToken: token, expiresIn, refreshToken, refreshExpiresIn };
  }
}

import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '@longhaul/config';
import type { Role } from './principal.js';
import { hashSecret, newSecret } from './secrets.js';

/** The user a rotated token belongs to, as the row says now. */
export interface RefreshedUser {
  readonly id: string;
  readonly username: string;
  readonly roles: Role[];
  readonly authVersion: number;
}

/**
 * Refresh tokens: each is good for one rotation. All tokens that follow from one sign-in are a family; when a used one
 * comes again, either the thief or the owner holds a copy, so the family ends. The database keeps hashes only.
 */
@Injectable()
export class RefreshTokens {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
  ) {}

  /** Seconds. */
  get expiresIn(): number {
    return this.config.REFRESH_TOKEN_DAYS * 86_400;
  }

  /** Opens a new family. */
  async issue(user: { readonly id: string; readonly authVersion: number }): Promise<string> {
    const token = newSecret();
    await this.database.query(
      `WITH expired AS (
         DELETE FROM refresh_tokens WHERE token_hash IN
           (SELECT token_hash FROM refresh_tokens WHERE expires_at < now() LIMIT 100 FOR UPDATE SKIP LOCKED)
       )
       INSERT INTO refresh_tokens (token_hash, family_id, user_id, auth_version, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
      [hashSecret(token), randomUUID(), user.id, user.authVersion, this.expiresIn],
    );
    return token;
  }

  /**
   * Exchanges a token for the next one of its family. Of several callers with the same token one wins; the others
   * count as reuse and end the family.
   * @returns undefined when the token is unknown, used, expired or revoked, or the user is disabled or changed.
   */
  async rotate(token: string): Promise<{ token: string; user: RefreshedUser } | undefined> {
    const next = newSecret();
    const [user] = await this.database.query<RefreshedUser[]>(
      `WITH used AS (
         UPDATE refresh_tokens t SET used_at = clock_timestamp() FROM users u
         WHERE t.token_hash = $1 AND t.used_at IS NULL AND t.expires_at > now()
           AND u.id = t.user_id AND u.auth_version = t.auth_version AND u.disabled_at IS NULL
           AND NOT EXISTS (SELECT FROM refresh_tokens f WHERE f.family_id = t.family_id AND f.revoked_at IS NOT NULL)
         RETURNING t.family_id, u.id, u.username, u.roles, u.auth_version
       ), made AS (
         INSERT INTO refresh_tokens (token_hash, family_id, user_id, auth_version, expires_at)
         SELECT $2, family_id, id, auth_version, now() + make_interval(secs => $3) FROM used
       )
       SELECT id, username, roles, auth_version AS "authVersion" FROM used`,
      [hashSecret(token), hashSecret(next), this.expiresIn],
    );
    if (user !== undefined) return { token: next, user };
    await this.revokeFamilyOfReused(token);
    return undefined;
  }

  /** Ends the family of a token; an unknown one is no error. */
  async revokeFamily(token: string): Promise<void> {
    // One marked row is enough: a rotation asks whether any row of its family is revoked. So a token that a
    // rotation makes at this very moment, which this statement cannot see, is dead as well.
    await this.database.query(
      'UPDATE refresh_tokens SET revoked_at = clock_timestamp() WHERE token_hash = $1 AND revoked_at IS NULL',
      [hashSecret(token)],
    );
  }

  private async revokeFamilyOfReused(token: string): Promise<void> {
    await this.database.query(
      `UPDATE refresh_tokens SET revoked_at = clock_timestamp()
       WHERE token_hash = $1 AND used_at IS NOT NULL AND revoked_at IS NULL`,
      [hashSecret(token)],
    );
  }
}

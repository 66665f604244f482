import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '@longhaul/config';
import type { Role } from './principal.js';
import { hashSecret, newSecret } from './secrets.js';

/** From sign-in to the last moment of any token of its family, unless REFRESH_TOKEN_DAYS is more. */
const longestFamilyDays = 90;

/** Every statement that makes a token removes up to a hundred expired ones, so they never pile up. */
const expired = `expired AS (
         DELETE FROM refresh_tokens WHERE token_hash IN
           (SELECT token_hash FROM refresh_tokens WHERE expires_at < now() LIMIT 100 FOR UPDATE SKIP LOCKED)
       )`;

/** The user a rotated token belongs to, as the row says now. */
export interface RefreshedUser {
  readonly id: string;
  readonly username: string;
  readonly roles: Role[];
  readonly authVersion: number;
}

/** What a rotation gives. */
export interface Rotated {
  readonly token: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly user: RefreshedUser;
}

/**
 * Refresh tokens: each is good for one rotation. All tokens that follow from one sign-in are a family; when a used one
 * comes again, either the thief or the owner holds a copy, so the family ends. It also ends by itself, however often it
 * is rotated: then the user has to sign in again. The database keeps hashes only.
 */
@Injectable()
export class RefreshTokens {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
  ) {}

  /** Life of a family's first token, in seconds. */
  get expiresIn(): number {
    return this.config.REFRESH_TOKEN_DAYS * 86_400;
  }

  /** Opens a new family. */
  async issue(user: { readonly id: string; readonly authVersion: number }): Promise<string> {
    const token = newSecret();
    await this.database.query(
      `WITH ${expired}
       INSERT INTO refresh_tokens (token_hash, family_id, user_id, auth_version, expires_at, family_ends_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5), now() + make_interval(secs => $6))`,
      [
        hashSecret(token),
        randomUUID(),
        user.id,
        user.authVersion,
        this.expiresIn,
        Math.max(this.expiresIn, longestFamilyDays * 86_400),
      ],
    );
    return token;
  }

  /**
   * Exchanges a token for the next one of its family. Of several callers with the same token one wins; the others
   * count as reuse and end the family.
   * @returns undefined when the token is unknown, used, expired or revoked, or the user is disabled or changed.
   */
  async rotate(token: string): Promise<Rotated | undefined> {
    const next = newSecret();
    const [row] = await this.database.query<(RefreshedUser & { expiresIn: number })[]>(
      `WITH ${expired}, used AS (
         UPDATE refresh_tokens t SET used_at = clock_timestamp() FROM users u
         WHERE t.token_hash = $1 AND t.used_at IS NULL AND t.expires_at > now()
           AND u.id = t.user_id AND u.auth_version = t.auth_version AND u.disabled_at IS NULL
           AND NOT EXISTS (SELECT FROM refresh_tokens f WHERE f.family_id = t.family_id AND f.revoked_at IS NOT NULL)
         RETURNING t.family_id, t.family_ends_at, u.id, u.username, u.roles, u.auth_version
       ), made AS (
         INSERT INTO refresh_tokens (token_hash, family_id, user_id, auth_version, expires_at, family_ends_at)
         SELECT $2, family_id, id, auth_version, least(now() + make_interval(secs => $3), family_ends_at), family_ends_at
         FROM used RETURNING floor(extract(epoch FROM expires_at - now()))::integer AS expires_in
       )
       SELECT id, username, roles, auth_version AS "authVersion", expires_in AS "expiresIn" FROM used, made`,
      [hashSecret(token), hashSecret(next), this.expiresIn],
    );
    if (row !== undefined) {
      const { expiresIn, ...user } = row;
      return { token: next, expiresIn, user };
    }
    await this.revokeFamilyOfReused(token);
    return undefined;
  }

  /** Ends the family of a token; an unknown one is no error. */
  async revokeFamily(token: string): Promise<void> {
    // One marked row is enough: a rotation asks whether any row of its family is revoked. So a token that a
    // rotation makes at this very moment, which this statement cannot see, is dead as well.
    // The mark has to outlive every such token, so its row is kept until the family has ended.
    await this.database.query(
      `UPDATE refresh_tokens SET revoked_at = clock_timestamp(), expires_at = family_ends_at
       WHERE token_hash = $1 AND revoked_at IS NULL`,
      [hashSecret(token)],
    );
  }

  private async revokeFamilyOfReused(token: string): Promise<void> {
    await this.database.query(
      `UPDATE refresh_tokens SET revoked_at = clock_timestamp(), expires_at = family_ends_at
       WHERE token_hash = $1 AND used_at IS NOT NULL AND revoked_at IS NULL`,
      [hashSecret(token)],
    );
  }
}

import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, type Config } from '@longhaul/config';
import type { Role } from './principal.js';
import { hashSecret, newSecret } from './secrets.js';

/** From sign-in to the last moment of any token of its family, unless REFRESH_TOKEN_DAYS is more. */
const longestFamilyDays = 90;

/** Seconds in which a token that was just used gives another successor: the answer with the first one may have been lost. */
const graceSeconds = 30;
/** Most unused tokens of a family: the successors of one token. */
const mostUnused = 10;

/** First key of the advisory locks of families; arbitrary, and the same in every process. */
const familyLock = 0x72_66_74;

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
 * comes again, either the thief or the owner holds a copy, so the family ends. But a browser that leaves a page before the
 * answer arrives comes with its old token and is no thief: for half a minute, and while no successor was used, the token that
 * was used last gives another successor. Of such successors one is good: the use of one makes the others used ones.
 * A family also ends by itself, however often it is rotated: then the user has to sign in again. The database keeps hashes only.
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
   * Exchanges a token for the next one of its family.
   * @returns undefined when the token is unknown, expired or revoked, was used (but for the half minute above), or the user is
   * disabled or changed.
   */
  async rotate(token: string): Promise<Rotated | undefined> {
    const hash = hashSecret(token);
    return this.database.transaction(async (manager) => {
      // The tokens of a family one after another: the statement after this one sees what the former caller did.
      await manager.query(
        `SELECT pg_advisory_xact_lock($2, hashtext(family_id::text)) FROM refresh_tokens WHERE token_hash = $1`,
        [hash, familyLock],
      );
      const rotated = await this.succeed(manager, hash);
      if (rotated === undefined) await revokeFamilyOfReused(manager, hash);
      return rotated;
    });
  }

  private async succeed(manager: EntityManager, hash: string): Promise<Rotated | undefined> {
    const next = newSecret();
    const [row] = await manager.query<(RefreshedUser & { expiresIn: number })[]>(
      `WITH ${expired}, used AS (
         UPDATE refresh_tokens t SET used_at = coalesce(t.used_at, clock_timestamp()) FROM users u
         WHERE t.token_hash = $1 AND t.expires_at > now()
           AND u.id = t.user_id AND u.auth_version = t.auth_version AND u.disabled_at IS NULL
           AND NOT EXISTS (SELECT FROM refresh_tokens f WHERE f.family_id = t.family_id AND f.revoked_at IS NOT NULL)
           AND (t.used_at IS NULL OR (
             t.used_at > clock_timestamp() - make_interval(secs => $4)
             AND NOT EXISTS (SELECT FROM refresh_tokens f WHERE f.family_id = t.family_id AND f.used_at > t.used_at)
             AND (SELECT count(*) FROM refresh_tokens f WHERE f.family_id = t.family_id AND f.used_at IS NULL) < $5))
         RETURNING t.family_id, t.family_ends_at, u.id, u.username, u.roles, u.auth_version
       ), others AS (
         -- At the first use of a token: successors beside it count as used too long ago to be given again.
         UPDATE refresh_tokens o SET used_at = clock_timestamp() - make_interval(secs => $4) FROM used, refresh_tokens first
         WHERE first.token_hash = $1 AND first.used_at IS NULL
           AND o.family_id = used.family_id AND o.token_hash <> $1 AND o.used_at IS NULL
       ), made AS (
         INSERT INTO refresh_tokens (token_hash, family_id, user_id, auth_version, expires_at, family_ends_at)
         SELECT $2, family_id, id, auth_version, least(now() + make_interval(secs => $3), family_ends_at), family_ends_at
         FROM used RETURNING floor(extract(epoch FROM expires_at - now()))::integer AS expires_in
       )
       SELECT id, username, roles, auth_version AS "authVersion", expires_in AS "expiresIn" FROM used, made`,
      [hash, hashSecret(next), this.expiresIn, graceSeconds, mostUnused],
    );
    if (row === undefined) return undefined;
    const { expiresIn, ...user } = row;
    return { token: next, expiresIn, user };
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
}

async function revokeFamilyOfReused(manager: EntityManager, hash: string): Promise<void> {
  await manager.query(
    `UPDATE refresh_tokens SET revoked_at = clock_timestamp(), expires_at = family_ends_at
     WHERE token_hash = $1 AND used_at IS NOT NULL AND revoked_at IS NULL`,
    [hash],
  );
}

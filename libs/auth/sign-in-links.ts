import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RefreshedUser } from './refresh-tokens.js';
import { hashSecret, newSecret } from './secrets.js';

const linkSeconds = 600;

/** Path of a link, below the public address. The ticket is in the fragment, which no browser sends and no log holds. */
export function signInPath(ticket: string): string {
  return `/console/sign-in#ticket=${ticket}`;
}

/**
 * Links that sign a user in, once and within ten minutes: for people who are at the command line already. The database
 * keeps hashes only, and its clock decides.
 */
@Injectable()
export class SignInLinks {
  constructor(private readonly database: DataSource) {}

  /** @returns the ticket, good for one {@link redeem}; undefined when the user is disabled or not there. */
  async issue(userId: string): Promise<string | undefined> {
    const ticket = newSecret();
    const made = await this.database.query<unknown[]>(
      `WITH expired AS (
         DELETE FROM sign_in_links WHERE ticket_hash IN
           (SELECT ticket_hash FROM sign_in_links WHERE expires_at < now() LIMIT 100 FOR UPDATE SKIP LOCKED)
       )
       INSERT INTO sign_in_links (ticket_hash, user_id, auth_version, expires_at)
       SELECT $1, id, auth_version, clock_timestamp() + make_interval(secs => $3)
       FROM users WHERE id = $2 AND disabled_at IS NULL
       RETURNING ticket_hash`,
      [hashSecret(ticket), userId, linkSeconds],
    );
    return made.length > 0 ? ticket : undefined;
  }

  /**
   * Uses a ticket up.
   * @returns undefined when it is unknown, used or expired, or its user is disabled or changed since.
   */
  async redeem(ticket: string): Promise<RefreshedUser | undefined> {
    const [user] = await this.database.query<RefreshedUser[]>(
      `WITH used AS (DELETE FROM sign_in_links WHERE ticket_hash = $1 RETURNING user_id, auth_version, expires_at)
       SELECT u.id, u.username, u.roles, u.auth_version AS "authVersion"
       FROM used JOIN users u ON u.id = used.user_id AND u.auth_version = used.auth_version
       WHERE u.disabled_at IS NULL AND used.expires_at > clock_timestamp()`,
      [hashSecret(ticket)],
    );
    return user;
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { knownRoles, LOCAL_ISSUER, type Principal } from './principal.js';
import { hashSecret, newSecret } from './secrets.js';

const ticketSeconds = 30;

interface TicketRow {
  readonly subject: string;
  readonly username: string;
  readonly roles: string[];
  readonly issuer: string;
  readonly session_expires_at: Date;
}

/** Who a ticket or session speaks for: a local user as its row says now, if it is still of the same version. */
const speaker = (source: string) => `
  SELECT t.subject, t.username, coalesce(u.roles, t.roles) AS roles, t.issuer, t.session_expires_at
  FROM ${source} t
  LEFT JOIN users u ON u.id = t.user_id AND u.auth_version = t.auth_version AND u.disabled_at IS NULL
  WHERE (t.user_id IS NULL OR u.id IS NOT NULL)`;

/**
 * One-use tickets for `EventSource`, which can send no header. A used ticket leaves a session, so that the browser can
 * reconnect; the session is good for the same task only and ends with the token that the ticket was issued for. The
 * database keeps hashes only, and its clock decides.
 */
@Injectable()
export class StreamTickets {
  constructor(private readonly database: DataSource) {}

  /**
   * The caller must have been found to be allowed to read the job.
   * @returns expiresIn in seconds.
   */
  async issue(jobId: string, principal: Principal): Promise<{ ticket: string; expiresIn: number }> {
    const ticket = newSecret();
    const userId = principal.issuer === LOCAL_ISSUER ? principal.subject : null;
    await this.database.query(
      `WITH expired AS (
         DELETE FROM stream_tickets WHERE ticket_hash IN
           (SELECT ticket_hash FROM stream_tickets WHERE session_expires_at < now() LIMIT 100 FOR UPDATE SKIP LOCKED)
       )
       INSERT INTO stream_tickets
         (ticket_hash, job_id, subject, username, roles, issuer, user_id, auth_version, expires_at, session_expires_at)
       SELECT $1, $2, $3, $4, $5, $6, $7::uuid, (SELECT auth_version FROM users WHERE id = $7::uuid),
              clock_timestamp() + make_interval(secs => $8), $9`,
      [
        hashSecret(ticket),
        jobId,
        principal.subject,
        principal.username,
        principal.roles,
        principal.issuer,
        userId,
        ticketSeconds,
        principal.expiresAt,
      ],
    );
    return { ticket, expiresIn: ticketSeconds };
  }

  /**
   * Uses a ticket up.
   * @returns the secret of the session it opens; undefined when it is unknown, used, expired or of another job, or its
   * user is disabled or changed.
   */
  async redeem(jobId: string, ticket: string): Promise<{ principal: Principal; session: string } | undefined> {
    const session = newSecret();
    const [row] = await this.database.query<TicketRow[]>(
      `WITH used AS (
         UPDATE stream_tickets SET used_at = clock_timestamp(), session_hash = $3
         WHERE ticket_hash = $1 AND job_id = $2 AND used_at IS NULL
           AND expires_at > clock_timestamp() AND session_expires_at > clock_timestamp()
         RETURNING *
       ) ${speaker('used')}`,
      [hashSecret(ticket), jobId, hashSecret(session)],
    );
    return row && { principal: principalOf(row), session };
  }

  /** @returns undefined when the session is unknown, over or of another job, or its user is disabled or changed. */
  async resume(jobId: string, session: string): Promise<Principal | undefined> {
    const [row] = await this.database.query<TicketRow[]>(
      `${speaker('stream_tickets')} AND t.session_hash = $1 AND t.job_id = $2 AND t.session_expires_at > clock_timestamp()`,
      [hashSecret(session), jobId],
    );
    return row && principalOf(row);
  }
}

function principalOf(row: TicketRow): Principal {
  const { subject, username, issuer } = row;
  return { subject, username, issuer, roles: knownRoles(row.roles), expiresAt: row.session_expires_at };
}

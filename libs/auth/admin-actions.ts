import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** What an admin did to something that has no history of its own: a user, or a kind of task. */
export interface AdminAction {
  /** Later ones are larger. */
  readonly id: number;
  readonly at: Date;
  /** Id of the admin. */
  readonly actor: string;
  readonly action: string;
  /** Id of the user, or name of the kind. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Writes an action down, in the transaction that does it. */
export async function noteAction(
  manager: EntityManager,
  { actor, action, subject, data }: Omit<AdminAction, 'id' | 'at'>,
): Promise<void> {
  await manager.query(`INSERT INTO admin_actions (actor, action, subject, data) VALUES ($1, $2, $3, $4)`, [
    actor,
    action,
    subject,
    data,
  ]);
}

/** The list of what admins did, which is only ever added to. */
@Injectable()
export class AdminActions {
  constructor(private readonly database: DataSource) {}

  /** Newest first. @param before only those with a smaller id. */
  async page(limit: number, before?: number): Promise<AdminAction[]> {
    const rows = await this.database.query<(Omit<AdminAction, 'id'> & { readonly id: string })[]>(
      `SELECT id, at, actor, action, subject, data FROM admin_actions
       WHERE $2::bigint IS NULL OR id < $2 ORDER BY id DESC LIMIT $1`,
      [limit, before ?? null],
    );
    return rows.map((row) => ({ ...row, id: Number(row.id) }));
  }
}

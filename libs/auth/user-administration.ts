import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { noteAction } from './admin-actions.js';
import { generatePassword, hashPassword } from './passwords.js';
import { isEnabledAdmin, mayStopBeingAdmin } from './policy.js';
import { ROLES, type Role } from './principal.js';

/** A user of the built-in issuer as admins see it. */
export interface ListedUser {
  readonly id: string;
  readonly username: string;
  readonly roles: readonly Role[];
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
}

/** What is to become of a user; what is left out stays. */
export interface UserChange {
  readonly roles?: readonly Role[];
  readonly disabled?: boolean;
}

const columns = `id, username, roles, disabled_at AS "disabledAt", created_at AS "createdAt"`;

/** What admins do with users of the built-in issuer. Each change ends the user's sessions and is noted, all at once. */
@Injectable()
export class UserAdministration {
  constructor(private readonly database: DataSource) {}

  /** By name. @param wanted `q`: found anywhere in the name; `after`: only later names. */
  list(wanted: { readonly q?: string; readonly after?: string; readonly limit: number }): Promise<ListedUser[]> {
    return this.database.query(
      `SELECT ${columns} FROM users
       WHERE ($1::text IS NULL OR username > $1) AND ($2::text IS NULL OR strpos(username, lower($2)) > 0)
       ORDER BY username LIMIT $3`,
      [wanted.after ?? null, wanted.q ?? null, wanted.limit],
    );
  }

  /** With a password that is made up, and told by nobody again; null when the name is taken. @param username in lower case. */
  async create(
    { username, roles }: { readonly username: string; readonly roles: readonly Role[] },
    actor: string,
  ): Promise<{ readonly user: ListedUser; readonly password: string } | null> {
    const password = generatePassword();
    const hash = await hashPassword(password);
    return this.database.transaction(async (manager) => {
      const [user] = await manager.query<ListedUser[]>(
        `INSERT INTO users (id, username, password_hash, roles) VALUES ($1, $2, $3, $4)
         ON CONFLICT (username) DO NOTHING RETURNING ${columns}`,
        [uuidv7(), username, hash, inOrder(roles)],
      );
      if (user === undefined) return null;
      await noteAction(manager, {
        actor,
        action: 'user_created',
        subject: user.id,
        data: { username, roles: user.roles },
      });
      return { user, password };
    });
  }

  /** Refused when nobody would be left who may take it back. What is as wanted already stays, sessions too. */
  change(id: string, wanted: UserChange, actor: string): Promise<ListedUser | 'missing' | 'last_admin'> {
    return this.database.transaction(async (manager) => {
      const locked = await lockWithAdmins(manager, id);
      const user = locked.find((one) => one.id === id);
      if (user === undefined) return 'missing';
      const next = {
        roles: inOrder(wanted.roles ?? user.roles),
        disabled: wanted.disabled ?? user.disabledAt !== null,
      };
      if (!mayStopBeingAdmin(user, locked) && !isEnabledAdmin({ ...next, disabledAt: next.disabled ? true : null }))
        return 'last_admin';
      const before = { roles: user.roles, disabled: user.disabledAt !== null };
      if (String(next.roles) === String(before.roles) && next.disabled === before.disabled) return user;
      const data = { username: user.username, before, after: next };
      await noteAction(manager, { actor, action: 'user_changed', subject: id, data });
      return update(manager, id, 'roles = $2, disabled_at = CASE WHEN $3 THEN coalesce(disabled_at, now()) END', [
        next.roles,
        next.disabled,
      ]);
    });
  }

  /** A new password that is made up, and told by nobody again; null when there is no such user. */
  async resetPassword(
    id: string,
    actor: string,
  ): Promise<{ readonly user: ListedUser; readonly password: string } | null> {
    const password = generatePassword();
    const hash = await hashPassword(password);
    return this.database.transaction(async (manager) => {
      const [known] = await manager.query<unknown[]>('SELECT FROM users WHERE id = $1 FOR UPDATE', [id]);
      if (known === undefined) return null;
      const user = await update(manager, id, 'password_hash = $2', [hash]);
      const data = { username: user.username };
      await noteAction(manager, { actor, action: 'user_password_reset', subject: id, data });
      return { user, password };
    });
  }
}

/** A user and all enabled admins: of two changes at once, the second sees what the first has left. */
function lockWithAdmins(manager: EntityManager, id: string): Promise<ListedUser[]> {
  return manager.query(
    `SELECT ${columns} FROM users WHERE id = $1 OR ('admin' = ANY (roles) AND disabled_at IS NULL)
     ORDER BY id FOR UPDATE`,
    [id],
  );
}

/** @param set assignments; their parameters start at $2. */
async function update(manager: EntityManager, id: string, set: string, params: unknown[]): Promise<ListedUser> {
  // TypeORM answers an UPDATE with its rows and their number.
  const [[user]] = await manager.query<[[ListedUser], number]>(
    `UPDATE users SET ${set}, auth_version = auth_version + 1 WHERE id = $1 RETURNING ${columns}`,
    [id, ...params],
  );
  return user;
}

function inOrder(roles: readonly Role[]): Role[] {
  return ROLES.filter((role) => roles.includes(role));
}

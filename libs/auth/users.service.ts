import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type QueryDeepPartialEntity, Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Collector, preparedQuery } from '@longhaul/persistence';
import { hashPassword, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './passwords.js';
import { ROLES, type Role } from './principal.js';
import { UserEntity } from './user.entity.js';

/** Callers looked for by one query. */
const mostAtOnce = 500;

/** What an operator asked for cannot be done; the message is one sentence for them. */
export class UserInputError extends Error {
  override readonly name = 'UserInputError';
}

export interface NewUser {
  readonly username: string;
  readonly password: string;
  readonly roles: readonly string[];
}

/** Users of the built-in issuer. Each change makes all their tokens invalid at once. */
@Injectable()
export class UsersService {
  /** Every request asks for its caller: those of one moment share a query, which none of them came too late for. */
  private readonly active = new Collector<string, UserEntity | null>((ids) => this.findActiveOf(ids), mostAtOnce, 1);

  private readonly named = new Collector<string, string | null>((ids) => this.findNamesOf(ids), mostAtOnce, 1);

  constructor(@InjectRepository(UserEntity) private readonly users: Repository<UserEntity>) {}

  /** @throws UserInputError for a bad name, password or role, and when the name is taken. */
  async create(user: NewUser): Promise<UserEntity> {
    const username = checkedUsername(user.username);
    const roles = checkedRoles(user.roles);
    const passwordHash = await hashPassword(checkedPassword(user.password));
    const made = await this.insert({ id: uuidv7(), username, passwordHash, roles });
    if (!made) throw new UserInputError(`There is a user "${username}" already.`);
    return this.users.findOneByOrFail({ username });
  }

  /** All users, by name. */
  list(): Promise<UserEntity[]> {
    return this.users.find({ order: { username: 'ASC' } });
  }

  async isEmpty(): Promise<boolean> {
    return !(await this.users.exists());
  }

  /** Whatever text a client sends as a name; null when nobody is called so. */
  async findByUsername(text: string): Promise<UserEntity | null> {
    const username = text.toLowerCase();
    return usernamePattern.test(username) ? this.users.findOneBy({ username }) : null;
  }

  /** The user to whom a token of this version belongs; null when disabled or changed since. */
  async findActive(id: string, authVersion: number): Promise<UserEntity | null> {
    const user = await this.active.add(id);
    return user?.authVersion === authVersion ? user : null;
  }

  /** What somebody is or was called; null: nobody has this id. @param id a UUID. */
  nameOf(id: string): Promise<string | null> {
    return this.named.add(id);
  }

  /** @throws UserInputError */
  async setRoles(username: string, roles: readonly string[]): Promise<void> {
    await this.change(username, { roles: checkedRoles(roles) });
  }

  /** @throws UserInputError */
  async setPassword(username: string, password: string): Promise<void> {
    await this.change(username, { passwordHash: await hashPassword(checkedPassword(password)) });
  }

  /** @throws UserInputError */
  async disable(username: string): Promise<void> {
    await this.change(username, { disabledAt: () => 'coalesce(disabled_at, now())' });
  }

  /** @throws UserInputError */
  async enable(username: string): Promise<void> {
    await this.change(username, { disabledAt: null });
  }

  private async findActiveOf(ids: readonly string[]): Promise<(UserEntity | null)[]> {
    const users = await preparedQuery<UserEntity>(
      this.users.manager,
      `SELECT id, username, password_hash AS "passwordHash", roles, auth_version AS "authVersion",
              disabled_at AS "disabledAt", created_at AS "createdAt"
       FROM users WHERE id = ANY($1) AND disabled_at IS NULL`,
      [[...new Set(ids)]],
    );
    const byId = new Map(users.map((user) => [user.id, user]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  private async findNamesOf(ids: readonly string[]): Promise<(string | null)[]> {
    const users = await preparedQuery<{ id: string; username: string }>(
      this.users.manager,
      'SELECT id, username FROM users WHERE id = ANY($1)',
      [[...new Set(ids)]],
    );
    const byId = new Map(users.map(({ id, username }) => [id, username]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  private async insert(row: QueryDeepPartialEntity<UserEntity>): Promise<boolean> {
    const result = await this.users.createQueryBuilder().insert().values(row).orIgnore().returning('id').execute();
    return (result.raw as unknown[]).length > 0;
  }

  private async change(text: string, set: QueryDeepPartialEntity<UserEntity>): Promise<void> {
    const username = text.toLowerCase();
    const { affected } = await this.users
      .createQueryBuilder()
      .update()
      .set({ ...set, authVersion: () => 'auth_version + 1' })
      .where({ username })
      .execute();
    if (affected !== 1) throw new UserInputError(`There is no user "${text}".`);
  }
}

/** Names of users, in lower case. */
export const usernamePattern = /^[a-z0-9][a-z0-9._@-]{0,63}$/;

function checkedUsername(text: string): string {
  const username = text.toLowerCase();
  if (usernamePattern.test(username)) return username;
  throw new UserInputError(
    'A user name has 1 to 64 letters, digits, ".", "_", "@" or "-", and starts with a letter or digit.',
  );
}

function checkedPassword(password: string): string {
  if (password.length >= MIN_PASSWORD_LENGTH && password.length <= MAX_PASSWORD_LENGTH) return password;
  throw new UserInputError(`A password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters.`);
}

function checkedRoles(names: readonly string[]): Role[] {
  const unknown = names.filter((name) => !(ROLES as readonly string[]).includes(name));
  if (unknown.length > 0)
    throw new UserInputError(`Unknown role "${unknown.join('", "')}": roles are ${ROLES.join(', ')}.`);
  if (names.length === 0) throw new UserInputError(`Name at least one role: ${ROLES.join(', ')}.`);
  return ROLES.filter((role) => names.includes(role));
}

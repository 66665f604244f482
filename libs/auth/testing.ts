import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { AccessTokens } from './access-tokens.js';
import { generatePassword } from './passwords.js';
import type { Principal, Role } from './principal.js';
import { SigningKeys } from './signing-keys.js';
import { UserEntity } from './user.entity.js';
import { UsersService } from './users.service.js';

/** A user in the test's database, with the password to sign in with. */
export interface TestUser {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly roles: readonly Role[];
}

/** Ada, signed in for another hour. */
export function adaAs(...roles: Role[]): Principal {
  const expiresAt = new Date(Date.now() + 3_600_000);
  return { subject: 'ada', username: 'ada', roles, issuer: 'local', expiresAt };
}

/** @param database an app's data source: one that knows `authEntities`. */
export async function makeUser(database: DataSource, given: Partial<Omit<TestUser, 'id'>> = {}): Promise<TestUser> {
  const password = given.password ?? generatePassword();
  const username = given.username ?? `user-${randomUUID()}`;
  const users = new UsersService(database.getRepository(UserEntity));
  const { id, roles } = await users.create({ username, password, roles: given.roles ?? ['user'] });
  return { id, username, password, roles };
}

/** An access token as the built-in issuer signs it for the user as it is now; no sign-in, so no rate limit. */
export async function tokenFor(database: DataSource, config: Config, user: { readonly id: string }): Promise<string> {
  const row = await database.getRepository(UserEntity).findOneByOrFail({ id: user.id });
  const { token } = await new AccessTokens(config, new SigningKeys(database)).sign(row);
  return token;
}

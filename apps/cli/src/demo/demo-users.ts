import { chmod, readFile, writeFile } from 'node:fs/promises';
import { generatePassword, withUsers, type Role } from '@longhaul/auth';
import type { Config } from '@longhaul/config';
import { ApiClient, ApiError } from './api-client.js';

export interface DemoUser {
  readonly username: string;
  readonly password: string;
  readonly role: Role;
}

const accounts = [
  { username: 'demo', role: 'user' },
  { username: 'demo-editor', role: 'editor' },
  { username: 'demo-admin', role: 'admin' },
] as const;

/** The demo's users, one of each role: their passwords are made once, and kept in a file that only its owner can read. */
export async function demoUsers(config: Config, file: string): Promise<DemoUser[]> {
  const kept = await readPasswords(file);
  const users = accounts.map((account) => ({ ...account, password: kept[account.username] ?? generatePassword() }));
  await writePasswords(file, users);
  await withUsers(config, async (service) => {
    for (const { username, password, role } of users) {
      if ((await service.findByUsername(username)) === null)
        await service.create({ username, password, roles: [role] });
    }
  });
  return users;
}

/** Signs in; a user who was changed meanwhile, or whose file belongs to another database, is set right first. */
export async function signIn(config: Config, url: string, user: DemoUser, signal: AbortSignal): Promise<ApiClient> {
  try {
    return await ApiClient.signIn(url, user, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  }
  await withUsers(config, async (service) => {
    await service.setPassword(user.username, user.password);
    await service.setRoles(user.username, [user.role]);
    await service.enable(user.username);
  });
  return ApiClient.signIn(url, user, signal);
}

async function readPasswords(file: string): Promise<Record<string, string | undefined>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, string | undefined>;
  } catch {
    return {};
  }
}

async function writePasswords(file: string, users: readonly DemoUser[]): Promise<void> {
  const passwords = Object.fromEntries(users.map(({ username, password }) => [username, password]));
  await writeFile(file, `${JSON.stringify(passwords, null, 2)}\n`, { mode: 0o600 });
  // The mode above counts for a new file only.
  await chmod(file, 0o600);
}

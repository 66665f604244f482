import { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { appDataSourceOptions } from '@longhaul/persistence';
import { authEntities } from './auth.module.js';
import { SignInLinks } from './sign-in-links.js';
import { UserEntity } from './user.entity.js';
import { UsersService } from './users.service.js';

/** What a program outside of a Nest application may do with users. */
export interface Directory {
  readonly users: UsersService;
  readonly links: SignInLinks;
}

/** Users outside of a Nest application (the command line), on a connection of their own. */
export function withUsers<Result>(config: Config, action: (users: UsersService) => Promise<Result>): Promise<Result> {
  return withDirectory(config, ({ users }) => action(users));
}

/** As {@link withUsers}, with the links that sign users in. */
export async function withDirectory<Result>(
  config: Config,
  action: (directory: Directory) => Promise<Result>,
): Promise<Result> {
  const database = await new DataSource(appDataSourceOptions(config, authEntities)).initialize();
  try {
    return await action({
      users: new UsersService(database.getRepository(UserEntity)),
      links: new SignInLinks(database),
    });
  } finally {
    await database.destroy();
  }
}

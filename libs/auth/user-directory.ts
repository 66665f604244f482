import { DataSource } from 'typeorm';
import type { Config } from '@longhaul/config';
import { appDataSourceOptions } from '@longhaul/persistence';
import { authEntities } from './auth.module.js';
import { UserEntity } from './user.entity.js';
import { UsersService } from './users.service.js';

/** Users outside of a Nest application (the command line), on a connection of their own. */
export async function withUsers<Result>(
  config: Config,
  action: (users: UsersService) => Promise<Result>,
): Promise<Result> {
  const database = await new DataSource(appDataSourceOptions(config, authEntities)).initialize();
  try {
    return await action(new UsersService(database.getRepository(UserEntity)));
  } finally {
    await database.destroy();
  }
}

import { Command } from 'commander';
import { loadConfig } from '@longhaul/config';
import { migrate, provideDatabase } from '@longhaul/persistence';

/** `migrate`: brings the schema up to date and says what it did. */
export function migrateCommand(): Command {
  return new Command('migrate').description('Brings the database schema up to date.').action(async () => {
    const database = await provideDatabase(loadConfig());
    try {
      const names = await migrate(database.config);
      process.stdout.write(names.length > 0 ? `Migrated: ${names.join(', ')}.\n` : 'The schema is up to date.\n');
    } finally {
      await database.release();
    }
  });
}

import { Command } from 'commander';
import { loadConfig } from '@longhaul/config';
import { migrate, provideDatabase } from '@longhaul/persistence';
import { signInLink } from './sign-in-link.js';

/** `sign-in-link …`: an address that opens the console signed in. */
export function signInLinkCommand(): Command {
  return new Command('sign-in-link')
    .description(
      'Prints an address that signs a user of the built-in issuer in at the console: once, within 10 minutes.',
    )
    .argument('<username>')
    .action(print);
}

/** @throws Error when nobody can be signed in by it. */
async function print(username: string): Promise<void> {
  const database = await provideDatabase(loadConfig());
  try {
    const { config } = database;
    if (!config.AUTH_LOCAL) throw new Error('The built-in issuer is off: sign in at the OpenID Connect provider.');
    if (config.MIGRATE_ON_START) await migrate(config);
    const link = await signInLink(config, config.PUBLIC_URL, username);
    if (link === undefined) throw new Error(`There is no user "${username}", or it is disabled.`);
    process.stdout.write(`${link}\n`);
  } finally {
    await database.release();
  }
}

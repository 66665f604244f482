import { Argument, Command, Option } from 'commander';
import { generatePassword, ROLES, withUsers, type UsersService } from '@longhaul/auth';
import { loadConfig } from '@longhaul/config';
import { migrate, provideDatabase } from '@longhaul/persistence';

interface PasswordOption {
  readonly password?: string;
}

/** `user …`: manages the users of the built-in issuer. */
export function userCommand(): Command {
  const roles = new Option('--role <roles...>', 'what the user may do').choices(ROLES).default(['user']);
  const password = () => new Option('--password <password>', 'without it one is generated and printed once');
  const command = new Command('user').description('Manages the users of the built-in issuer.');
  command.command('add <name>').description('makes a user').addOption(roles).addOption(password()).action(add);
  command.command('list').description('shows all users').action(list);
  command
    .command('roles <name>')
    .description('sets the roles')
    .addArgument(new Argument('<roles...>').choices(ROLES))
    .action(setRoles);
  command.command('password <name>').description('sets the password').addOption(password()).action(setPassword);
  command.command('disable <name>').description('refuses sign-ins and tokens from now on').action(disable);
  command.command('enable <name>').description('takes back "disable"').action(enable);
  return command;
}

function add(username: string, options: PasswordOption & { role: string[] }): Promise<void> {
  const password = options.password ?? generatePassword();
  return onUsers(async (users) => {
    const user = await users.create({ username, password, roles: options.role });
    say(`User ${user.username} made, with ${user.roles.join(', ')}.`);
    sayGenerated(options, password);
  });
}

function list(): Promise<void> {
  return onUsers(async (users) => {
    const rows = await users.list();
    for (const { username, roles, disabledAt } of rows) {
      say([username, roles.join(','), disabledAt === null ? 'enabled' : 'disabled'].join('\t'));
    }
  });
}

function setRoles(username: string, roles: string[]): Promise<void> {
  return onUsers(async (users) => {
    await users.setRoles(username, roles);
    say(`Roles of ${username}: ${roles.join(', ')}. Its tokens are invalid now.`);
  });
}

function setPassword(username: string, options: PasswordOption): Promise<void> {
  const password = options.password ?? generatePassword();
  return onUsers(async (users) => {
    await users.setPassword(username, password);
    say(`Password of ${username} changed. Its tokens are invalid now.`);
    sayGenerated(options, password);
  });
}

function disable(username: string): Promise<void> {
  return onUsers(async (users) => {
    await users.disable(username);
    say(`User ${username} disabled. Its tokens are invalid now.`);
  });
}

function enable(username: string): Promise<void> {
  return onUsers(async (users) => {
    await users.enable(username);
    say(`User ${username} enabled.`);
  });
}

async function onUsers(action: (users: UsersService) => Promise<void>): Promise<void> {
  const database = await provideDatabase(loadConfig());
  try {
    if (database.config.MIGRATE_ON_START) await migrate(database.config);
    await withUsers(database.config, action);
  } finally {
    await database.release();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function sayGenerated(options: PasswordOption, password: string): void {
  if (options.password === undefined) say(`Password: ${password} (shown only now)`);
}

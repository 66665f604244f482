import { Command } from 'commander';
import { whyNotStarted } from '@longhaul/persistence';
import { auditCommand } from './audit.command.js';
import { demoCommand } from './demo.command.js';
import { docsCommand } from './docs.command.js';
import { migrateCommand } from './migrate.command.js';
import { podCostsCommand } from './pod-costs.command.js';
import { signInLinkCommand } from './sign-in-link.command.js';
import { sizeCommand } from './size.command.js';
import { smokeCommand } from './smoke.command.js';
import { userCommand } from './user.command.js';

const program = new Command('longhaul')
  .description('Looks after a Longhaul installation.')
  .addCommand(userCommand())
  .addCommand(signInLinkCommand())
  .addCommand(migrateCommand())
  .addCommand(auditCommand())
  .addCommand(podCostsCommand())
  .addCommand(docsCommand())
  .addCommand(sizeCommand())
  .addCommand(smokeCommand())
  .addCommand(demoCommand());

// `… | head` has read enough: no reason for a stack trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  // One line for the operator; a stack trace helps nobody at the command line.
  process.stderr.write(`error: ${whyNotStarted(error)}\n`);
  process.exitCode = 1;
}

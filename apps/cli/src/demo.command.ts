import { Command } from 'commander';
import { runDemo } from './demo/run-demo.js';

/** `demo`: everything at once, on this machine. Its exit code is 0 only when every result was as it should be. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Starts everything, runs tasks before your eyes, and keeps running until Ctrl-C.')
    .option('--once', 'ends after the results')
    .action(async ({ once = false }: { once?: boolean }) => {
      // Connections that are kept alive would hold the process for seconds.
      process.exit(await runDemo(once));
    });
}

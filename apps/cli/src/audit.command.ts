import { Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '@longhaul/config';
import { auditContent, type AuditReport, type ChainHead } from '@longhaul/content';
import { provideDatabase } from '@longhaul/persistence';

/** `audit …`: proofs about what has happened. */
export function auditCommand(): Command {
  const command = new Command('audit').description('Proves that the approval history is whole.');
  command
    .command('verify')
    .description('walks the approval history and compares it with the versions and with what the site shows')
    .option('--head <seq:hash>', 'a head noted before, from the log or an export', readHead)
    .action(verify);
  return command;
}

async function verify({ head }: { head?: ChainHead }): Promise<void> {
  const database = await provideDatabase(loadConfig());
  try {
    const report = await auditContent(database.config, head ?? null);
    process.stdout.write(`${linesOf(report).join('\n')}\n`);
    if (report.problems.length > 0) process.exitCode = 1;
  } finally {
    await database.release();
  }
}

function linesOf({ rows, posts, head, problems, more }: AuditReport): string[] {
  const seen = `Rows: ${rows}. Published: ${posts}. Head: ${head.seq}:${head.hash}`;
  if (problems.length === 0) return ['The approval history is whole.', seen];
  const rest = more > 0 ? [`And ${more} more.`] : [];
  return ['The approval history is BROKEN.', ...problems.map((problem) => `- ${problem}`), ...rest, seen];
}

/** @throws InvalidArgumentError */
function readHead(text: string): ChainHead {
  const [, seq, hash] = /^(0|[1-9]\d{0,17}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined) throw new InvalidArgumentError('It must be a number and a hash: 42:5feceb66….');
  return { seq, hash };
}

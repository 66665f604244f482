import { Command, InvalidArgumentError, Option } from 'commander';
import { runSmoke, type CheckResult } from './smoke/run-smoke.js';

interface Options {
  readonly baseUrl: string;
  readonly token: string;
  readonly adminToken?: string;
  readonly editorToken?: string;
  readonly scrapeUrl?: string;
  readonly patience: number;
  readonly json?: boolean;
}

/** `smoke`: looks at a deployment from outside. Its exit code is 1 when it misses something. */
export function smokeCommand(): Command {
  return new Command('smoke')
    .description('Checks a deployment from outside, by HTTP only.')
    .requiredOption('--base-url <url>', 'what clients call it by: its PUBLIC_URL', readUrl)
    .addOption(
      new Option('--token <token>', 'access token of a user; that of an admin serves for both')
        .env('SMOKE_TOKEN')
        .makeOptionMandatory(),
    )
    .addOption(new Option('--admin-token <token>', 'of an admin: checks cancel and retry too').env('SMOKE_ADMIN_TOKEN'))
    .addOption(
      new Option(
        '--editor-token <token>',
        'of an editor, who is somebody else than the user: publishes a text and takes it down',
      ).env('SMOKE_EDITOR_TOKEN'),
    )
    .option('--scrape-url <url>', 'what is scraped; without it the deployment’s own /site', readUrl)
    .option('--patience <seconds>', 'how long a task may take to end', readSeconds, 60)
    .option('--json', 'prints JSON')
    .action(smoke);
}

async function smoke({ baseUrl, token, adminToken, editorToken, scrapeUrl, patience, json }: Options): Promise<void> {
  const options = {
    tokens: { user: token, admin: adminToken, editor: editorToken },
    ...{ baseUrl, patience, scrapeUrl: scrapeUrl ?? `${baseUrl}/site` },
  };
  const results = await runSmoke(options, (result) =>
    json || result.outcome === 'not tried' ? undefined : say(lineOf(result)),
  );
  const count = (outcome: CheckResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  if (json) say(JSON.stringify({ base_url: baseUrl, results }, null, 2));
  else
    say(
      `\n${count('good')} good, ${count('missed')} missed, ${count('skipped')} skipped, ${count('not tried')} not tried.`,
    );
  // Connections that are kept alive would hold the process for seconds.
  process.exit(count('missed') > 0 ? 1 : 0);
}

function lineOf({ name, outcome, why, milliseconds }: CheckResult): string {
  const mark = { good: 'ok', missed: 'MISSED', skipped: 'skipped', 'not tried': 'untried' }[outcome];
  return `${mark.padEnd(8)}${name.padEnd(42)}${`${milliseconds} ms`.padStart(9)}  ${why}`.trimEnd();
}

function readUrl(text: string): string {
  if (!/^https?:\/\/[^/]/.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError('It has to be an http or https URL.');
  }
  return text.replace(/\/+$/, '');
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 3_600)) throw new InvalidArgumentError('It has to be 1 to 3600.');
  return seconds;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

import { withoutSecrets } from './secrets.js';

/** A bundle's lines are whole programs: none of them is worth a log line. */
const longestLine = 500;

/** Whatever nobody caught still ends the process with 1; one line on standard error says what it was, for machines to read. */
export function sayWhatEndsIt(app: 'api' | 'worker'): void {
  process.on('uncaughtException', (error: unknown, origin) => {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const shown = stack.split('\n').filter((line) => line.length <= longestLine);
    const entry = { level: 'fatal', time: new Date().toISOString(), app, pid: process.pid, event: 'unexpected_end' };
    const line = JSON.stringify({
      ...entry,
      origin,
      err: { stack: shown.join('\n') },
      msg: `The ${app} ends: an error`,
    });
    process.stderr.write(`${withoutSecrets(line)}\n`);
    process.exit(1);
  });
}

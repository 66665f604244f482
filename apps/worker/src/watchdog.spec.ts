import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const loader = resolve(import.meta.dirname, '../../../test/support/run-typescript.mjs');
const watchdog = pathToFileURL(join(import.meta.dirname, 'watchdog.ts')).href;

/** Runs a program beside a watchdog of one second. */
async function watched(program: string) {
  const source = `import { startWatchdog } from '${watchdog}'; startWatchdog(1); ${program}`;
  const child = spawn(process.execPath, ['--import', loader, '--input-type=module', '-e', source], {
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, said };
}

describe('the watchdog', () => {
  it('kills a process whose event loop is blocked, and says so', async () => {
    const { signal, said } = await watched('setTimeout(() => { for (;;); }, 100);');
    expect(signal).toBe('SIGKILL');
    expect(JSON.parse(said)).toMatchObject({ level: 'fatal', msg: expect.stringContaining('blocked for 1 s') });
  });

  it('leaves a busy process alone whose event loop turns', async () => {
    const busy = `const end = performance.now() + 3500;
      const burn = () => {
        for (const until = performance.now() + 300; performance.now() < until; );
        if (performance.now() < end) setImmediate(burn);
      };
      burn();`;
    expect(await watched(busy)).toEqual({ code: 0, signal: null, said: '' });
  });
});

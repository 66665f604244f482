import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const loader = resolve(import.meta.dirname, '../../test/support/run-typescript.mjs');
const tested = resolve(import.meta.dirname, 'unexpected-end.ts');

function outcomeOf(code: string): Promise<{ exit: unknown; lines: string[] }> {
  const program = `import { sayWhatEndsIt } from ${JSON.stringify(tested)}; sayWhatEndsIt('api'); ${code}`;
  const args = ['--import', loader, '--input-type=module', '--eval', program];
  return new Promise((done) =>
    execFile(process.execPath, args, (error, _out, err) => done({ exit: error?.code, lines: err.trim().split('\n') })),
  );
}

it.each([
  ['uncaughtException', `setImmediate(() => { throw new TypeError('no such thing') })`],
  ['unhandledRejection', `void Promise.reject(new TypeError('no such thing'))`],
])('an error that nobody caught ends the process with one line that names it: %s', async (origin, code) => {
  const { exit, lines } = await outcomeOf(code);
  expect(exit).toBe(1);
  expect(lines).toHaveLength(1);
  const stack = expect.stringMatching(/^TypeError: no such thing\n +at /);
  expect(JSON.parse(lines[0])).toMatchObject({ level: 'fatal', event: 'unexpected_end', origin, err: { stack } });
});

it('neither the line of a bundle nor a secret is told', async () => {
  const { lines } = await outcomeOf(`throw new Error('postgres://a:hidden@b ' + 'refused\\n' + 'x'.repeat(100_000))`);
  expect(lines.join('\n').length).toBeLessThan(3_000);
  expect(lines[0]).toContain('postgres://a:[redacted]@b refused');
});

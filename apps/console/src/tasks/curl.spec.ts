import { execFileSync } from 'node:child_process';
import { curlOf } from './curl.js';

it('is one command for a shell, whatever stands in the body', () => {
  const body = { task_type: 'simulation', metadata: { note: `it's $HOME \`id\` "quoted" \\ \n!` } };
  const command = curlOf('http://localhost:8001', body);
  // A shell function in place of curl says with what it was called.
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const words = execFileSync('sh', ['-c', script], { env: { TOKEN: 'secret' }, encoding: 'utf8' }).split('\0');
  expect(words.slice(0, 2)).toEqual(['-s', 'http://localhost:8001/tasks']);
  expect(words).toContain('Authorization: Bearer secret');
  expect(JSON.parse(words.at(words.indexOf('-d') + 1) ?? '')).toEqual(body);
});

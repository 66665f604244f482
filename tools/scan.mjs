// `npm run scan`: known vulnerabilities of what runs in production, by npm's advisories. Fails from HIGH on; the policy is
// in docs/containers.md. Not every registry answers such questions: where none does, that is said, and is no failure.
import { spawnSync } from 'node:child_process';

const failing = ['high', 'critical'];
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  encoding: 'utf8',
  maxBuffer: 2 ** 26,
  timeout: 120_000,
});

const { vulnerabilities, metadata } = readReport(stdout);
if (vulnerabilities === undefined) {
  process.stderr.write('\n!!! SKIPPED: this registry answers no audits. Scan where one does before you release.\n');
} else {
  const found = Object.values(vulnerabilities);
  for (const { name, severity, range, fixAvailable } of found) {
    process.stdout.write(`${severity}: ${name} ${range}${fixAvailable ? ', a fix is available' : ''}\n`);
  }
  process.stdout.write(`${found.length} vulnerable of ${metadata.dependencies.total} packages.\n`);
  if (found.some(({ severity }) => failing.includes(severity))) process.exitCode = 1;
}

function readReport(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

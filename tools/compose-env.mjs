// `npm run compose:env`: writes .env for docker-compose.yml, with passwords that nobody else has.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const names = ['POSTGRES_PASSWORD', 'LONGHAUL_PASSWORD', 'REDIS_PASSWORD', 'ADMIN_PASSWORD', 'GRAFANA_PASSWORD'];
const lines = names.map((name) => `${name}=${randomBytes(24).toString('base64url')}`);

try {
  writeFileSync('.env', `${lines.join('\n')}\n`, { flag: 'wx', mode: 0o600 });
  process.stdout.write('.env written: keep it, the volumes are made with these passwords.\n');
} catch (error) {
  if (error.code !== 'EEXIST') throw error;
  process.stderr.write('There is a .env already. It is left as it is: the volumes were made with its passwords.\n');
  process.exitCode = 1;
}

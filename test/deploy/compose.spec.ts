import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { loadConfig, variables } from '@longhaul/config';
import { freePort } from '../support/free-port.js';

const { findRedis } = createRequire(import.meta.url)('../../tools/redis.cjs') as {
  findRedis: (folder: string) => { path: string; env: NodeJS.ProcessEnv } | undefined;
};

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly target: string };
  readonly user?: string;
  /** Null: whatever .env or the shell has. */
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly command?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly [field: string]: unknown;
}

const text = readFileSync('docker-compose.yml', 'utf8');
const file = parse(text, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
  readonly networks: object;
};
const services = Object.entries(file.services);
const { postgres, redis, migrate, api, worker } = file.services;

/** Variables of other programs. */
const others = [/^POSTGRES_/, /^REDISCLI_AUTH$/, /^LONGHAUL_PASSWORD$/, /^GF_/];

/** What compose makes of a value. @throws Error where it would refuse to start. */
function filled(value: string, environment: Readonly<Record<string, string>>): string {
  return value.replace(/\$\{(\w+)(:[-?])?([^}]*)\}/g, (_match, name: string, operator: string, other: string) => {
    if (environment[name]) return environment[name];
    if (operator === ':-') return other;
    throw new Error(`${name}: ${other}`);
  });
}

test.each(services)('%s runs with no rights, on a root that is read-only', (_name, service) => {
  expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  expect(service.user).toMatch(/^[1-9]\d*:\d+$/);
  expect(service).not.toHaveProperty('privileged');
});

test.each(services)('%s has a version', (_name, { image }) => {
  expect(filled(image, {})).toMatch(/:[\w.-]+$/);
  expect(image).not.toMatch(/:latest/);
});

test('no password has a default, and none stands in the file', () => {
  const secret = /\w*(PASSWORD|AUTH|SECRET|KEY)\w*/;
  for (const [, { environment = {} }] of services) {
    for (const [name, value] of Object.entries(environment)) {
      const named = secret.test(name) || /:\/\/[^@]*@/.test(value ?? '');
      if (named && value !== null) expect(value).toMatch(/\$\{\w+PASSWORD:\?[^}]+\}/);
    }
  }
  for (const [, name, operator] of text.matchAll(/\$\{(\w*PASSWORD\w*)(:?[-?+]?)/g))
    expect([name, operator]).toEqual([name, ':?']);
});

test('every variable exists', () => {
  for (const [name, { environment = {} }] of services) {
    for (const variable of Object.keys(environment)) {
      const known = Object.hasOwn(variables, variable) || others.some((other) => other.test(variable));
      expect([name, variable, known]).toEqual([name, variable, true]);
    }
  }
});

test('every setting that a whole installation may have can be set, and models have their keys in workers alone', () => {
  // Fixed by the file, those of one process or of another platform, and one that needs a package for development.
  const fixed =
    /^(DATA_DIR|HOST|PORT|DATABASE_AUTH|DATABASE_ROLE|MIGRATE_ON_START|QUEUE_BACKEND|QUEUE_PREFIX|LOG_FORMAT|MIGRATION_DATABASE_URL|OTEL_SERVICE_NAME|AZURE_.*|WORKER_(ONCE|LANE|HEALTH_.*))$/;
  const settable = Object.keys(variables).filter((name) => !fixed.test(name));
  const given = new Set([api, worker].flatMap(({ environment = {} }) => Object.keys(environment)));
  expect(settable.filter((name) => !given.has(name))).toEqual([]);
  expect(Object.keys(api.environment ?? {}).filter((name) => name.startsWith('OPENAI_'))).toEqual([]);
});

describe('with what compose:env writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-compose-'));
  const script = resolve('tools/compose-env.mjs');
  let environment: Record<string, string>;
  beforeAll(() => {
    execFileSync(process.execPath, [script], { cwd: folder });
    environment = Object.fromEntries(
      readFileSync(join(folder, '.env'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split('=') as [string, string]),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('each password is long and its own, and only the owner can read them', () => {
    const passwords = Object.values(environment);
    expect(new Set(passwords).size).toBe(passwords.length);
    for (const password of passwords) expect(password).toMatch(/^[\w-]{32}$/);
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
  });

  test('it is not written over', () => {
    const before = readFileSync(join(folder, '.env'), 'utf8');
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('There is a .env already')]);
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(before);
  });

  test('everything that must be set is set, and nothing else is written', () => {
    const required = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    expect(new Set(required)).toEqual(new Set(Object.keys(environment)));
  });

  test('the apps accept their settings in production', () => {
    for (const { environment: own = {} } of [migrate, api, worker]) {
      const values = Object.fromEntries(
        Object.entries(own).flatMap(([name, value]) => (value === null ? [] : [[name, filled(value, environment)]])),
      );
      expect(loadConfig(values)).toMatchObject({
        NODE_ENV: 'production',
        QUEUE_BACKEND: 'redis',
        MIGRATE_ON_START: false,
      });
    }
  });

  test('without it nothing starts', () => {
    expect(() => filled(api.environment?.DATABASE_URL ?? '', {})).toThrow('run npm run compose:env first');
  });
});

test('the apps start when the schema is there and Redis answers', () => {
  for (const { depends_on: needs } of [api, worker]) {
    expect(needs).toEqual({
      migrate: { condition: 'service_completed_successfully' },
      redis: { condition: 'service_healthy' },
    });
  }
  expect(migrate.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
  expect(migrate.restart).toBe('no');
  for (const store of [postgres, redis]) expect(store.healthcheck).toHaveProperty('test');
});

test('a worker may be scaled: it has no name and no port of its own', () => {
  for (const field of ['container_name', 'ports']) expect(worker).not.toHaveProperty(field);
});

test('each has time to stop', () => {
  const { DRAIN_SECONDS } = loadConfig({ DRAIN_SECONDS: worker.environment?.DRAIN_SECONDS ?? undefined });
  expect(parseInt(worker.stop_grace_period as string)).toBeGreaterThanOrEqual(DRAIN_SECONDS + 15);
  expect(parseInt(api.stop_grace_period as string)).toBeGreaterThan(15);
});

describe('Redis', () => {
  const [shell, option, script] = redis.command ?? [];
  const program = findRedis(resolve('.longhaul/redis'));

  test('keeps what it is given', () => {
    expect([shell, option]).toEqual(['sh', '-c']);
    expect(script).toMatch(/--appendonly yes --maxmemory-policy noeviction --dir \/data/);
    expect(redis.volumes).toEqual(['redis:/data']);
  });

  (program === undefined ? test.skip : test)('wants its password, which no list of processes shows', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-redis-'));
    const password = 'a-canary-for-redis';
    const port = await freePort();
    const here = script
      .replaceAll('$$', '$')
      .replace('redis-server', program?.path ?? '')
      .replace('/data', `${folder} --port ${port} --bind 127.0.0.1`);
    const server = spawn(shell, [option, here], { env: { ...program?.env, REDISCLI_AUTH: password } });
    const exit = once(server, 'exit');
    for await (const words of server.stdout) if (String(words).includes('Ready to accept connections')) break;
    const processes = spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(server.pid)], { encoding: 'utf8' }).stdout;
    const client = new Redis({ port, password });
    const stranger = new Redis({ port, enableReadyCheck: false });
    try {
      expect(processes).toContain('redis-server');
      expect(processes).not.toContain(password);
      expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
      await expect(stranger.ping()).rejects.toThrow('NOAUTH');
    } finally {
      client.disconnect();
      stranger.disconnect();
      // What the container gets: the shell must not stand between.
      server.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
      rmSync(folder, { recursive: true });
    }
  });
});

test('the stores are reached by the apps alone', () => {
  for (const store of [postgres, redis]) {
    expect(store).not.toHaveProperty('ports');
    expect(store.networks).toEqual(['stores']);
  }
  expect(file.networks).toMatchObject({ stores: { internal: true } });
  for (const [, { ports = [] }] of services)
    for (const port of ports as string[]) expect(port).toMatch(/^127\.0\.0\.1:/);
});

test('monitoring is a profile of its own', () => {
  const profiled = services.filter(([, { profiles }]) => profiles !== undefined);
  expect(profiled.map(([name, { profiles }]) => [name, profiles])).toEqual(
    ['jaeger', 'prometheus', 'grafana'].map((name) => [name, ['monitoring']]),
  );
});

test('what is mounted is there', () => {
  for (const [, { volumes = [] }] of services) {
    for (const volume of volumes) {
      const [source = ''] = volume.split(':');
      expect(source.startsWith('./') ? existsSync(source) : Object.hasOwn(file.volumes, source)).toBe(true);
    }
  }
});

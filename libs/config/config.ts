import { cleanEnv } from 'envalid';
import { variables, type Variables } from './variables.js';

/** Nest token of the {@link Config}: `@Inject(CONFIG) config: Config`. */
export const CONFIG = Symbol('CONFIG');

/** The settings of one process: the variables of the table, plus what follows from several of them. */
export interface Config extends Omit<
  Variables,
  'PUBLIC_URL' | 'HOST' | 'AUTH_LOCAL' | 'MIGRATE_ON_START' | 'QUEUE_BACKEND' | 'REVIEW_FOUR_EYES' | 'WORKER_ONCE'
> {
  readonly HOST: string;
  /** No trailing slash. */
  readonly PUBLIC_URL: string;
  readonly QUEUE_BACKEND: 'postgres' | 'redis';
  readonly AUTH_LOCAL: boolean;
  readonly MIGRATE_ON_START: boolean;
  readonly REVIEW_FOUR_EYES: boolean;
  readonly WORKER_ONCE: boolean;
}

/** Whether NODE_ENV says production, also while other settings are wrong. */
export function isProduction(): boolean {
  return process.env.NODE_ENV === 'production';
}

/** Settings that are wrong; the message names each variable and says what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads and checks the environment.
 * @param environment usually `process.env`; a test passes its own.
 * @throws ConfigError naming every bad variable at once.
 */
export function loadConfig(environment: Record<string, string | undefined> = process.env): Config {
  const values = cleanEnv(environment, variables, {
    reporter: ({ errors }) => {
      const problems = Object.entries(errors).map(([name, error]) => `${name}: ${error.message}`);
      if (problems.length > 0) throw new ConfigError(`Bad configuration.\n  ${problems.join('\n  ')}`);
    },
  });
  const production = values.NODE_ENV === 'production';
  const config: Config = {
    ...values,
    HOST: values.HOST || (production ? '0.0.0.0' : '127.0.0.1'),
    PUBLIC_URL: (values.PUBLIC_URL || `http://localhost:${values.PORT}`).replace(/\/+$/, ''),
    QUEUE_BACKEND: values.QUEUE_BACKEND || (values.REDIS_URL ? 'redis' : 'postgres'),
    AUTH_LOCAL: values.AUTH_LOCAL === '' ? values.OIDC_ISSUER === '' : values.AUTH_LOCAL === 'true',
    MIGRATE_ON_START: values.MIGRATE_ON_START === '' ? !production : values.MIGRATE_ON_START === 'true',
    REVIEW_FOUR_EYES: values.REVIEW_FOUR_EYES === 'true',
    WORKER_ONCE: values.WORKER_ONCE === 'true',
  };
  refuseContradictions(config);
  return config;
}

function refuseContradictions(config: Config): void {
  const problems: string[] = [];
  const need = (holds: boolean, sentence: string) => holds || problems.push(sentence);
  need(config.QUEUE_BACKEND !== 'redis' || config.REDIS_URL !== '', 'QUEUE_BACKEND=redis needs REDIS_URL.');
  need(URL.canParse(config.PUBLIC_URL), 'PUBLIC_URL must be a URL.');
  need(config.OIDC_ISSUER === '' || config.OIDC_AUDIENCE !== '', 'OIDC_ISSUER needs OIDC_AUDIENCE.');
  need(config.OIDC_CONSOLE_CLIENT_ID === '' || config.OIDC_ISSUER !== '', 'OIDC_CONSOLE_CLIENT_ID needs OIDC_ISSUER.');
  need(
    config.TRACE_URL_TEMPLATE === '' ||
      (isHttpUrl(config.TRACE_URL_TEMPLATE) && config.TRACE_URL_TEMPLATE.includes('{trace_id}')),
    'TRACE_URL_TEMPLATE must be an http or https URL with {trace_id} in it.',
  );
  need(
    config.OIDC_ALGORITHMS.every((name) => /^(RS|PS|ES)(256|384|512)$/.test(name)),
    'OIDC_ALGORITHMS may name RS*, PS* and ES* only: symmetric algorithms and "none" are never accepted.',
  );
  need(
    config.HEARTBEAT_SECONDS * 2 < config.LEASE_SECONDS,
    'HEARTBEAT_SECONDS must be less than half of LEASE_SECONDS, or one lost heartbeat loses the lease.',
  );
  need(
    config.ADMIN_PASSWORD === '' || config.ADMIN_PASSWORD.length >= 12,
    'ADMIN_PASSWORD needs 12 characters at least.',
  );
  const entra = config.DATABASE_AUTH === 'entra';
  need(
    !entra || [config.AZURE_CLIENT_ID, config.AZURE_TENANT_ID, config.AZURE_FEDERATED_TOKEN_FILE].every(Boolean),
    'DATABASE_AUTH=entra needs AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE: is the pod labelled for workload identity?',
  );
  need(
    [config.DATABASE_URL, config.MIGRATION_DATABASE_URL].every((url) => !entra || !hasPassword(url, 1)),
    'With DATABASE_AUTH=entra no database URL has a password.',
  );
  need(config.GENERATORS.length > 0, 'GENERATORS must name at least one generator.');
  need(
    !config.GENERATORS.includes('openai') || isHttpUrl(config.OPENAI_BASE_URL),
    'OPENAI_BASE_URL must be an http or https URL.',
  );
  need(
    !config.GENERATORS.includes('openai_backup') ||
      (isHttpUrl(config.OPENAI_BACKUP_BASE_URL) && config.OPENAI_BACKUP_MODEL_DRAFT !== ''),
    'GENERATORS with openai_backup needs OPENAI_BACKUP_BASE_URL (http or https) and OPENAI_BACKUP_MODEL_DRAFT.',
  );
  need(
    config.OTEL_EXPORTER_OTLP_ENDPOINT === '' || isHttpUrl(config.OTEL_EXPORTER_OTLP_ENDPOINT),
    'OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https URL.',
  );
  need(
    config.OTEL_TRACES_SAMPLER_ARG >= 0 && config.OTEL_TRACES_SAMPLER_ARG <= 1,
    'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1.',
  );
  if (config.NODE_ENV === 'production') {
    need(
      config.DATABASE_URL !== '',
      'DATABASE_URL is required in production: the embedded PostgreSQL is for local use.',
    );
    need(!config.PUBLIC_URL.startsWith('http://localhost'), 'PUBLIC_URL is required in production.');
    need(entra || hasPassword(config.DATABASE_URL), 'DATABASE_URL needs a password in production.');
    need(!entra || config.AZURE_AUTHORITY_HOST.startsWith('https://'), 'AZURE_AUTHORITY_HOST must be an https URL.');
    need(config.REDIS_URL === '' || hasPassword(config.REDIS_URL), 'REDIS_URL needs a password in production.');
  }
  if (problems.length > 0) throw new ConfigError(`Bad configuration.\n  ${problems.join('\n  ')}`);
}

function isHttpUrl(url: string): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '');
}

function hasPassword(url: string, length = 8): boolean {
  return URL.canParse(url) && new URL(url).password.length >= length;
}

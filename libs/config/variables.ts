import { isIP } from 'node:net';
import { makeExactValidator, num, str, type CleanedEnv } from 'envalid';

/** A whole number between `min` and `max`, both included; anything else ("10abc", "1.5") is refused. */
const whole = (min: number, max: number) =>
  makeExactValidator<number>((text) => {
    if (!/^-?\d+$/.test(text) || Number(text) < min || Number(text) > max) {
      throw new Error(`must be a whole number from ${min} to ${max}`);
    }
    return Number(text);
  });

/** Comma-separated words, trimmed; empty ones are left out. */
const list = makeExactValidator<string[]>((text) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean),
);

/** Like `list`; every word must pass `test`, or `what` says what it should be. */
const listOf = (what: string, test: (word: string) => boolean) =>
  makeExactValidator<string[]>((text) => {
    const words = text
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean);
    const wrong = words.find((word) => !test(word));
    if (wrong !== undefined) throw new Error(`"${wrong}" is no ${what}`);
    return words;
  });
/** Comma-separated `name=number` pairs; 0 is a number, the same name twice is not. */
const numbersByName = makeExactValidator<ReadonlyMap<string, number>>((text) => {
  const numbers = new Map<string, number>();
  for (const word of text.split(',').map((part) => part.trim())) {
    if (word === '') continue;
    const [, name = '', number = ''] = /^([a-z][a-z0-9_]*)\s*=\s*(\d{1,6})$/.exec(word) ?? [];
    if (name === '' || numbers.has(name)) throw new Error(`"${word}" is no name=number, each name once`);
    numbers.set(name, Number(number));
  }
  return numbers;
});
/** What a model costs, in US dollars for a million tokens. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
}
/** Comma-separated `model=input/output` prices, each model once. */
const pricesByModel = makeExactValidator<ReadonlyMap<string, TokenPrice>>((text) => {
  const prices = new Map<string, TokenPrice>();
  for (const word of text.split(',').map((part) => part.trim())) {
    if (word === '') continue;
    const [, model = '', input, output] = /^(\S+)\s*=\s*(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(word) ?? [];
    if (model === '' || prices.has(model)) throw new Error(`"${word}" is no model=input/output, each model once`);
    prices.set(model, { input: Number(input), output: Number(output) });
  }
  return prices;
});
/** What can write texts; those of OpenAI's protocol have an address and a key each. */
export const generatorNames = ['extractive', 'openai', 'openai_backup'] as const;
const isPort = (word: string) => /^\d{1,5}$/.test(word) && Number(word) >= 1 && Number(word) <= 65535;
/** A name, an IPv4 address, or an IPv6 address (with a port: in brackets). */
const isTarget = (word: string) => isIP(word) !== 0 || /^(\[[\da-f:.]+\]|[^\s:/?#@\\[\]]+)(:\d{1,5})?$/i.test(word);

/** Every environment variable that Longhaul reads: the reference in docs and README is generated from this table. */
export const variables = {
  NODE_ENV: str({
    choices: ['development', 'test', 'production'],
    default: 'development',
    desc: '`production` refuses weak or missing settings at start.',
  }),
  LOG_LEVEL: str({
    choices: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    desc: 'Least severe level that is logged.',
  }),
  LOG_FORMAT: str({
    choices: ['json', 'pretty'],
    default: 'json',
    desc: 'How lines of the log are written; `pretty` is for people, and for development.',
  }),
  DATA_DIR: str({ default: '.longhaul', desc: 'Folder of the embedded PostgreSQL and of generated local secrets.' }),

  HOST: str({ default: '', desc: 'Address the api listens on. Empty: 127.0.0.1, or 0.0.0.0 in production.' }),
  PORT: whole(0, 65535)({ default: 8001, desc: 'Port of the api; 0 takes a free one.' }),
  PUBLIC_URL: str({
    default: '',
    desc: 'Base of absolute links in answers, for which the Host header is never used. Empty: `http://localhost:PORT`.',
  }),
  TRUST_PROXY: list({
    default: [],
    desc: 'CIDRs of the proxies whose X-Forwarded-For is believed, comma-separated. Empty: none.',
  }),
  CORS_ORIGINS: list({ default: [], desc: 'Origins allowed by CORS, exact, comma-separated. Empty: CORS is off.' }),

  DATABASE_URL: str({
    default: '',
    desc: 'PostgreSQL URL of the apps. Empty: an embedded PostgreSQL in DATA_DIR is started and shared.',
  }),
  MIGRATION_DATABASE_URL: str({
    default: '',
    desc: 'PostgreSQL URL of the role that owns the schema, for migrations. Empty: DATABASE_URL.',
  }),
  DATABASE_ROLE: str({
    default: 'longhaul_app',
    desc: 'Role the apps act as (`SET ROLE` at connection): it owns nothing and can only append to job_events.',
  }),
  DATABASE_AUTH: str({
    choices: ['password', 'entra'],
    default: 'password',
    desc: 'How the logins of both URLs prove who they are: `password`: by the one in the URL; `entra`: by tokens of Microsoft Entra, for which this pod’s workload identity is exchanged (Azure Database for PostgreSQL).',
  }),
  AZURE_CLIENT_ID: str({
    default: '',
    desc: 'With DATABASE_AUTH=entra: the identity. Set by the workload identity webhook of AKS, like the next three.',
  }),
  AZURE_TENANT_ID: str({ default: '', desc: 'Tenant of that identity.' }),
  AZURE_FEDERATED_TOKEN_FILE: str({ default: '', desc: 'File with the service account’s token, which is exchanged.' }),
  AZURE_AUTHORITY_HOST: str({ default: 'https://login.microsoftonline.com/', desc: 'Where it is exchanged.' }),
  DATABASE_POOL_SIZE: whole(2, 500)({ default: 10, desc: 'Most connections of one process to PostgreSQL.' }),
  MIGRATE_ON_START: str({
    choices: ['', 'true', 'false'],
    default: '',
    desc: 'Whether the apps migrate the schema at start, under a lock. Empty: true, but false in production.',
  }),

  REDIS_URL: str({
    default: '',
    desc: 'Redis URL (`redis://` or `rediss://`). Set: BullMQ, hints, limits and the cache use Redis.',
  }),
  QUEUE_BACKEND: str({
    choices: ['', 'postgres', 'redis'],
    default: '',
    desc: 'Where BullMQ keeps its queues. Empty: redis when REDIS_URL is set, otherwise postgres.',
  }),
  QUEUE_PREFIX: str({ default: 'longhaul', desc: 'Prefix of all Redis keys.' }),

  QUEUE_BOARD: str({
    choices: ['off', 'read', 'write'],
    default: 'read',
    desc: 'Bull Board at /admin/queues, for admins: it shows the doorbells, and with `write` can pause queues and remove them.',
  }),

  WORKER_KINDS: list({ default: [], desc: 'Kinds that this worker runs, comma-separated. Empty: all.' }),
  WORKER_CONCURRENCY: whole(1, 1000)({ default: 10, desc: 'Jobs of one kind that a worker process runs at once.' }),
  WORKER_ONCE: str({
    choices: ['true', 'false'],
    default: 'false',
    desc: 'Whether the worker runs one due job, without waiting for one, and ends: for orchestrators that start a process for each job.',
  }),
  WORKER_HEALTH_PORT: whole(0, 65535)({ default: 0, desc: 'Port of the worker’s /health routes; 0: none.' }),
  WORKER_HEALTH_HOST: str({ default: '127.0.0.1', desc: 'Address of the worker’s /health routes.' }),
  METRICS_PORT: whole(
    0,
    65535,
  )({
    default: 0,
    desc: 'Port of `GET /metrics` (Prometheus) of an api or worker, never the public one; 0: nothing is counted.',
  }),
  METRICS_HOST: str({ default: '127.0.0.1', desc: 'Address of `GET /metrics`.' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: str({
    default: '',
    desc: 'URL of an OpenTelemetry collector (`http://localhost:4318`) that traces are sent to. Empty: there are none.',
  }),
  OTEL_EXPORTER_OTLP_PROTOCOL: str({
    choices: ['http/protobuf', 'http/json'],
    default: 'http/protobuf',
    desc: 'How traces are sent.',
  }),
  OTEL_BSP_SCHEDULE_DELAY: whole(
    10,
    600000,
  )({ default: 2000, desc: 'Milliseconds that spans wait for others, to be sent together.' }),
  OTEL_SERVICE_NAME: str({
    default: '',
    desc: 'Name of the process in traces. Empty: `longhaul-api`, `longhaul-worker`.',
  }),
  OTEL_RESOURCE_ATTRIBUTES: list({
    default: [],
    desc: 'Further attributes of the process in traces, as in `deployment.environment.name=test`.',
  }),
  OTEL_TRACES_SAMPLER: str({
    choices: [
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ],
    default: 'parentbased_always_on',
    desc: 'Which traces are kept; `parentbased`: those of callers as their `traceparent` says.',
  }),
  OTEL_TRACES_SAMPLER_ARG: num({ default: 1, desc: 'Share of the traces that `traceidratio` keeps, from 0 to 1.' }),
  WORKER_LANE: str({
    choices: ['main', 'isolated'],
    default: 'main',
    desc: 'Set by a worker for the processes of its isolation lane; not to be set by hand.',
  }),
  ISOLATED_LANES: whole(
    0,
    100,
  )({
    default: 4,
    desc: 'Processes of its own, at most, in which a worker runs jobs whose worker vanished, each alone; 0: they run beside others.',
  }),
  WATCHDOG_SECONDS: whole(
    0,
    86400,
  )({
    default: 60,
    desc: 'A worker whose event loop has been blocked this long kills itself, so that it can be started anew; 0: never.',
  }),
  DRAIN_SECONDS: whole(
    0,
    86400,
  )({
    default: 20,
    desc: 'How long running jobs may go on after SIGTERM before they are handed over.',
  }),
  LEASE_SECONDS: whole(2, 3600)({ default: 30, desc: 'Lease of a running attempt, in database time.' }),
  HEARTBEAT_SECONDS: whole(1, 1200)({ default: 10, desc: 'How often a worker extends its leases.' }),
  RECONCILE_SECONDS: whole(1, 3600)({ default: 15, desc: 'How often the leader looks for lost work.' }),
  MAX_RECOVERIES: whole(
    0,
    100,
  )({
    default: 3,
    desc: 'How often a job whose worker vanished is started again before it is quarantined.',
  }),
  RETRY_BASE_MS: whole(1, 3600000)({ default: 1000, desc: 'First ceiling of the full-jitter backoff; it doubles.' }),
  RETRY_CAP_MS: whole(1, 86400000)({ default: 300000, desc: 'Highest ceiling of the backoff.' }),
  MAX_RUNNING_PER_OWNER: whole(
    0,
    100000,
  )({ default: 0, desc: 'Running jobs of one owner, over all workers; 0: no limit.' }),
  MAX_RUNNING_PER_KIND: numbersByName({
    default: new Map<string, number>(),
    desc: 'Running jobs of a kind, over all workers, as in `web_scrape=20,simulation=50`; 0: no limit. Kinds that are left out keep what their definition says.',
  }),
  MAX_UNFINISHED_PER_OWNER: whole(1, 10000000)({ default: 20000, desc: 'Unfinished tasks of one owner; more: 429.' }),
  MAX_UNFINISHED: whole(1, 100000000)({ default: 1000000, desc: 'Unfinished tasks of everybody; more: 503.' }),
  MAX_RESULT_BYTES: whole(1024, 67108864)({ default: 1048576, desc: 'Largest result of a job, as JSON in UTF-8.' }),
  ALERT_FAILED_RATE: whole(
    0,
    100,
  )({
    default: 20,
    desc: 'Percentage of failed tasks among those of a kind that ended in the last 5 minutes from which the log warns; 0: never.',
  }),
  ALERT_OLDEST_PENDING_SECONDS: whole(
    0,
    604800,
  )({
    default: 300,
    desc: 'How long a due task of a kind may wait for a worker before the log warns; 0: for ever.',
  }),
  CANCEL_POLICY: str({
    choices: ['admin', 'owner'],
    default: 'admin',
    desc: 'Who may cancel: admins only, or owners their own tasks too.',
  }),

  REVIEW_FOUR_EYES: str({
    choices: ['true', 'false'],
    default: 'true',
    desc: 'Whether content is approved by somebody who is neither the author of the version nor the owner of the item.',
  }),

  RETENTION_DAYS: whole(
    0,
    36500,
  )({ default: 30, desc: 'Days after its end that a task and its events are removed; 0: never.' }),
  REMOVED_GRACE_DAYS: whole(
    0,
    36500,
  )({ default: 30, desc: 'Days that the id of a removed task answers 410, not 404.' }),
  IDEMPOTENCY_HOURS: whole(
    24,
    876000,
  )({
    default: 24,
    desc: 'Hours after the end of its task that an idempotency key is forgotten.',
  }),

  RATE_LIMIT_SUBMIT: whole(1, 10000000)({ default: 600, desc: 'Submits of one caller a minute.' }),
  RATE_LIMIT_READ: whole(1, 10000000)({ default: 6000, desc: 'Reads and other calls of one caller a minute.' }),
  RATE_LIMIT_STREAM: whole(1, 10000000)({ default: 600, desc: 'Streams that one caller opens a minute.' }),
  RATE_LIMIT_LOGIN: whole(1, 10000000)({ default: 20, desc: 'Sign-ins from one address a minute.' }),
  RATE_LIMIT_PUBLIC: whole(1, 10000000)({ default: 600, desc: 'Calls of the public site from one address a minute.' }),
  STREAMS_PER_USER: whole(1, 100000)({ default: 20, desc: 'Open streams of one user on one api process.' }),

  AUTH_LOCAL: str({
    choices: ['', 'true', 'false'],
    default: '',
    desc: 'Whether the built-in issuer is on. Empty: on, unless OIDC_ISSUER is set.',
  }),
  JWT_AUDIENCE: str({ default: 'longhaul', desc: 'Audience of the tokens of the built-in issuer.' }),
  ACCESS_TOKEN_SECONDS: whole(5, 86400)({ default: 900, desc: 'Life of an access token of the built-in issuer.' }),
  REFRESH_TOKEN_DAYS: whole(1, 365)({ default: 14, desc: 'Life of a refresh token.' }),
  ADMIN_USERNAME: str({ default: 'admin', desc: 'Name of the first admin, made when there is no user yet.' }),
  ADMIN_PASSWORD: str({
    default: '',
    desc: 'Password of the first admin (12 characters at least). Empty: generated, and printed once.',
  }),
  OIDC_ISSUER: str({ default: '', desc: 'Issuer of an OpenID Connect provider whose access tokens are accepted.' }),
  OIDC_AUDIENCE: str({ default: '', desc: 'Audience that its tokens must carry; needed with OIDC_ISSUER.' }),
  OIDC_JWKS_URL: str({ default: '', desc: 'Where its keys are. Empty: found by discovery.' }),
  OIDC_ALGORITHMS: list({ default: ['RS256', 'ES256'], desc: 'Signature algorithms that are accepted.' }),
  OIDC_ROLES_CLAIM: str({
    default: 'roles',
    desc: 'Claim with the roles; dots go into objects (`realm_access.roles`).',
  }),
  OIDC_SUBJECT_CLAIM: str({ default: 'sub', desc: 'Claim that names the caller; it becomes `owner_id`.' }),
  OIDC_CONSOLE_CLIENT_ID: str({
    default: '',
    desc: 'Public client (authorization code with PKCE) by which the console signs in at OIDC_ISSUER. Empty: it does not.',
  }),
  OIDC_CONSOLE_SCOPE: str({ default: 'openid profile', desc: 'Scopes that the console asks the provider for.' }),
  TRACE_URL_TEMPLATE: str({
    default: '',
    desc: 'Address of a trace in your tracing tool, with `{trace_id}` in it; the console links to it. Empty: no links.',
  }),

  SITE_NAME: str({ default: 'Longhaul', desc: 'Name of the public site, on every page and in its feed.' }),
  SITE_DESCRIPTION: str({
    default: 'Articles, written with care and approved by people.',
    desc: 'One sentence about the public site, for its pages, its feed and search engines.',
  }),

  SCRAPE_ALLOW_HOSTS: listOf(
    'host or host:port',
    isTarget,
  )({
    default: [],
    desc: 'Private targets that jobs may fetch all the same: host:port, or host for every port. Metadata addresses stay refused.',
  }),
  OUTBOUND_PORTS: listOf('port', isPort)({ default: ['80', '443'], desc: 'Ports that jobs may fetch from.' }),
  OUTBOUND_DNS_SERVERS: list({
    default: [],
    desc: 'DNS servers (ip:port) for outbound requests. Empty: the system’s.',
  }),
  OUTBOUND_TIMEOUT_SECONDS: whole(1, 600)({ default: 30, desc: 'Time limit of one whole outbound exchange.' }),
  OUTBOUND_MAX_BYTES: whole(
    1024,
    1073741824,
  )({
    default: 10485760,
    desc: 'Largest outbound answer, after decompression.',
  }),
  GENERATORS: listOf('generator', (word) => (generatorNames as readonly string[]).includes(word))({
    default: ['extractive'],
    desc: 'What writes texts, in order: when one fails, the next one does it. `extractive` quotes the sources and needs no key; `openai` and `openai_backup` are servers that speak OpenAI’s protocol.',
  }),
  OPENAI_BASE_URL: str({
    default: 'https://api.openai.com/v1',
    desc: 'Base URL of `openai`: OpenAI, Azure OpenAI (`https://NAME.openai.azure.com/openai/v1`), Ollama (`http://localhost:11434/v1`), vLLM.',
  }),
  OPENAI_API_KEY: str({ default: '', desc: 'Key of `openai`. A secret. Empty: none is sent but `none`.' }),
  OPENAI_MODEL_DRAFT: str({ default: 'gpt-4o-mini', desc: 'Model of `openai` that writes first drafts.' }),
  OPENAI_MODEL_REFINE: str({ default: '', desc: 'Model of `openai` that refines. Empty: that of drafts.' }),
  OPENAI_BACKUP_BASE_URL: str({ default: '', desc: 'Base URL of `openai_backup`.' }),
  OPENAI_BACKUP_API_KEY: str({ default: '', desc: 'Key of `openai_backup`. A secret.' }),
  OPENAI_BACKUP_MODEL_DRAFT: str({ default: '', desc: 'Model of `openai_backup` that writes first drafts.' }),
  OPENAI_BACKUP_MODEL_REFINE: str({
    default: '',
    desc: 'Model of `openai_backup` that refines. Empty: that of drafts.',
  }),
  OPENAI_PRICES: pricesByModel({
    default: new Map<string, TokenPrice>(),
    desc: 'US dollars for a million tokens, as in `gpt-4o-mini=0.15/0.60` (input/output); a model without prices has no costs in the results.',
  }),
  OPENAI_TIMEOUT_SECONDS: whole(5, 3600)({ default: 300, desc: 'Time limit of one text of a model.' }),
  OPENAI_SILENCE_SECONDS: whole(
    1,
    600,
  )({ default: 60, desc: 'How long a model may say nothing in the middle of a text.' }),
  USER_AGENT: str({
    default: 'LonghaulBot/1.0 (+https://example.org/longhaul)',
    desc: 'User-Agent of outbound requests; its first word is the name looked up in robots.txt.',
  }),
};

export type Variables = CleanedEnv<typeof variables>;

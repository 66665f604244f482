/** Fields whose values never reach a log line. */
export const secretFields = [
  'authorization',
  'cookie',
  'password',
  'access_token',
  'refresh_token',
  'ticket',
  'apiKey',
  'api_key',
  'DATABASE_URL',
  'MIGRATION_DATABASE_URL',
  'REDIS_URL',
  'ADMIN_PASSWORD',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export const censor = '[redacted]';

/**
 * What secrets look like in a text: messages and stacks come from packages, which quote what they were given. Where a
 * match may begin at each word, its beginning is bounded: time grows with the length of a line, not with its square.
 */
const inTexts: readonly (readonly [RegExp, string])[] = [
  // The password of a URL: postgres://user:password@host.
  [/(\b[a-z][a-z\d+.-]{0,30}:\/\/[^\s:@/"\\]*):[^\s@/"\\]+@/gi, `$1:${censor}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/-]{8,}=*/gi, `$1 ${censor}`],
  // Tokens by themselves, and the keys of model servers.
  [/(?<![\w-])eyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, censor],
  [/\bsk-[\w-]{8,}/g, censor],
  [
    /([?&](?:ticket|token|access_token|refresh_token|api[-_]?key|key|password|secret|sig|signature)=)[^&\s"\\]+/gi,
    `$1${censor}`,
  ],
  [/\b(longhaul_\w+=)[\w-]{20,}/g, `$1${censor}`],
];

/** A line of the log without what looks like a secret. */
export function withoutSecrets(line: string): string {
  return inTexts.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}

/** An error as a line shows it: not what packages hang on theirs, such as the headers of a request or values of a row. */
export function presentError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const { code } = error as { readonly code?: unknown };
  return {
    type: name,
    message,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    stack,
    ...(cause instanceof Error && { cause: { type: cause.name, message: cause.message } }),
  };
}

/** Fields whose values never reach a log line, whatever they are; {@link withoutSecrets} finds texts in fields at any depth. */
export const secretFields = [
  'authorization',
  'cookie',
  'password',
  'access_token',
  'refresh_token',
  'ticket',
  'token',
  'secret',
  'apiKey',
  'api_key',
  'DATABASE_URL',
  'MIGRATION_DATABASE_URL',
  'REDIS_URL',
  'ADMIN_PASSWORD',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export const censor = '[redacted]';

/** Names such as `Authorization`, `set-cookie`, `id_token`, `clientSecret` and `OPENAI_API_KEY`. */
const secretName =
  '[\\w-]{0,40}(?:authorization|cookie|password|token|secret|ticket|api[-_]?key|DATABASE_URL|REDIS_URL)';

/**
 * What secrets look like in a text: messages and stacks come from packages, which quote what they were given. Where a
 * match may begin at each word, its beginning is bounded: time grows with the length of a line, not with its square.
 */
const inTexts: readonly (readonly [RegExp, string])[] = [
  // Fields of JSON, in whatever letter case, and of JSON that is quoted in a text.
  [new RegExp(`("${secretName}"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]{0,2000}\\])`, 'gi'), `$1"${censor}"`],
  [new RegExp(`(\\\\"${secretName}\\\\"\\s*:\\s*\\\\")[^"\\\\]*`, 'gi'), `$1${censor}`],
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

/** Secrets of this installation, in each way that a line may write them. */
const known = new Set<string>();

/** From now on {@link withoutSecrets} leaves these out wherever they stand. */
export function keepSecret(values: readonly string[]): void {
  for (const value of values) {
    [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)].forEach((written) => known.add(written));
  }
}

/** A line of the log without what is known to be a secret, or looks like one. */
export function withoutSecrets(line: string): string {
  let text = line;
  for (const secret of known) text = text.replaceAll(secret, censor);
  return inTexts.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
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

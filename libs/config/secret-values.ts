import type { Config } from './config.js';

/** Shorter ones, and short plain words such as `postgres`, are passwords of nothing that is worth a broken log. */
const isLongEnough = (value: string): boolean => value.length >= 12 || (value.length >= 8 && /[^a-z]/.test(value));

/** The secrets among the settings, and the passwords in URLs both as they are written there and as they are meant. */
export function secretValues(config: Config): string[] {
  const inUrls = [config.DATABASE_URL, config.MIGRATION_DATABASE_URL, config.REDIS_URL].flatMap((url) => {
    const { password = '' } = URL.parse(url) ?? {};
    return [password, decoded(password)];
  });
  const whole = [config.ADMIN_PASSWORD, config.OPENAI_API_KEY, config.OPENAI_BACKUP_API_KEY];
  return [...new Set([...inUrls, ...whole])].filter(isLongEnough);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

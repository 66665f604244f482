import { variables } from '@longhaul/config';
import { code, generated, table } from './markdown.js';

/** What a validator of envalid knows of its variable. */
interface Specification {
  readonly default?: unknown;
  readonly desc?: string | undefined;
  readonly choices?: readonly string[] | undefined;
}

/** Every variable with its default and its meaning. */
export function configurationTable(): string {
  const rows = Object.entries(variables as Record<string, Specification>).map(
    ([name, { default: value, desc = '', choices }]) => {
      const named = choices?.filter((choice) => choice !== '').map(code) ?? [];
      return [code(name), defaultOf(value), named.length > 0 ? `${desc} One of ${named.join(', ')}.` : desc];
    },
  );
  return table(['variable', 'default', 'meaning'], rows);
}

export function configurationPage(): string {
  return `${generated}

# Configuration

Settings are environment variables. They are read once, at start; a process with a wrong one does not start, and names
everything that is wrong. Lists are separated by commas. With \`NODE_ENV=production\` missing and weak settings are refused
too: \`DATABASE_URL\` and \`PUBLIC_URL\` are required, and the passwords in \`DATABASE_URL\` and \`REDIS_URL\` must have 8
characters at least.

## Variables

${configurationTable()}
`;
}

function defaultOf(value: unknown): string {
  const items = value instanceof Map ? [...value].map((pair) => pair.join('=')) : value;
  const text = Array.isArray(items) ? items.join(',') : String(items);
  return text === '' ? '' : code(text);
}

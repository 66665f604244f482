import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Content codings in the order of preference, with the endings of the files that the build made for them. */
const codings = [
  { coding: 'br', ending: '.br' },
  { coding: 'gzip', ending: '.gz' },
] as const;

/** One file in one of its codings. */
export interface ConsoleFile {
  readonly type: string;
  readonly coding: 'br' | 'gzip' | null;
  readonly etag: string;
  readonly body: Buffer;
}

/** What the build made of apps/console: read when it is asked for, then kept. */
export class ConsoleFiles {
  private readonly kept = new Map<string, ConsoleFile>();

  private constructor(
    private readonly folder: string,
    /** The page, whose nonce is still to be put in. */
    readonly page: string,
    /** Paths below `/console` that the page has something to show for, as `/tasks/:taskId`. */
    readonly paths: readonly string[],
    private readonly names: ReadonlySet<string>,
  ) {}

  /** @returns null when the console has not been built. */
  static find(from: string = import.meta.dirname): ConsoleFiles | null {
    const folder = findFolder(from);
    if (folder === null) return null;
    const routes = JSON.parse(readFileSync(join(folder, 'routes.json'), 'utf8')) as string[];
    return new ConsoleFiles(
      folder,
      readFileSync(join(folder, 'index.html'), 'utf8'),
      routes.map((path) => path.replaceAll('$', ':')),
      new Set(readdirSync(join(folder, 'assets'))),
    );
  }

  /** @param accepted the Accept-Encoding of the request. @returns null when there is no such file. */
  asset(name: string, accepted = ''): ConsoleFile | null {
    const type = types[extname(name)];
    if (type === undefined || !this.names.has(name)) return null;
    const { coding, ending } = codings.find(
      ({ coding, ending }) => accepts(accepted, coding) && this.names.has(name + ending),
    ) ?? { coding: null, ending: '' };
    const file = name + ending;
    const kept = this.kept.get(file) ?? read(join(this.folder, 'assets', file), type, coding);
    this.kept.set(file, kept);
    return kept;
  }
}

function read(path: string, type: string, coding: ConsoleFile['coding']): ConsoleFile {
  const body = readFileSync(path);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { type, coding, etag, body };
}

/** `dist/console` of the installation, seen from sources, from compiled files and from bundles. */
function findFolder(from: string): string | null {
  const folder = join(from, 'dist/console');
  if (existsSync(join(folder, 'routes.json'))) return folder;
  return dirname(from) === from ? null : findFolder(dirname(from));
}

/** Whether Accept-Encoding names the coding and does not rule it out (RFC 9110, 12.5.3). */
export function accepts(accepted: string, coding: string): boolean {
  const named = accepted
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';').map((word) => word.trim()))
    .find(([name]) => name === coding);
  return named !== undefined && !named.slice(1).some((weight) => /^q=0(\.0*)?$/.test(weight));
}

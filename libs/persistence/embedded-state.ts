import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';

/** What has to survive between two starts of the embedded PostgreSQL. */
export interface EmbeddedState {
  /** Where it listened last; 0 before the first start. */
  port: number;
  /** Whether the server knows these passwords, and has the roles and the database. */
  prepared: boolean;
  readonly passwords: { readonly postgres: string; readonly longhaul_owner: string; readonly longhaul: string };
}

/** Reads the state, or makes one with new passwords. */
export async function readState(file: string): Promise<EmbeddedState> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as EmbeddedState;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') throw new Error(`${file} belongs to another OS user: set DATA_DIR to a folder of your own.`);
    if (code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
    const password = () => randomBytes(24).toString('base64url');
    return {
      port: 0,
      prepared: false,
      passwords: { postgres: password(), longhaul_owner: password(), longhaul: password() },
    };
  }
}

/** Replaces the file in one step; only its owner may read it. */
export async function writeState(file: string, state: EmbeddedState): Promise<void> {
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
}

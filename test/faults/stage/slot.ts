import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';

/** Most harnesses at a time in one checkout. */
const slots = 8;

/** A folder for the servers of one run: faults damage them, so no two runs may share them. */
export interface Slot {
  readonly folder: string;
  readonly release: () => Promise<void>;
}

/** Takes the first folder that no run holds; what a killed run left there is taken over. */
export async function takeSlot(parent: string): Promise<Slot> {
  for (let number = 1; number <= slots; number += 1) {
    const folder = join(parent, `stage-${number}`);
    await mkdir(folder, { recursive: true });
    try {
      const release = await lock(folder, { stale: 20_000, update: 5_000, onCompromised: () => undefined });
      return { folder, release: () => release().catch(() => undefined) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    }
  }
  throw new Error(`${slots} runs hold ${parent} already.`);
}

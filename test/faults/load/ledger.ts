import { appendFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { JobPlan } from './job-mix.js';

/** One job that was accepted: from then on Longhaul owes it an end. */
export interface Accepted {
  readonly taskId: string;
  readonly plan: JobPlan;
  readonly ownerId: string;
  /** When it was to start at the earliest; null: at once. */
  readonly runAt: number | null;
}

/** What the clients hold in their hands: an answer of 202 counts once it is on their own disk. */
export class Ledger {
  readonly accepted: Accepted[] = [];
  private syncing: Promise<void> | undefined;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  static async open(path: string): Promise<Ledger> {
    return new Ledger(path, await open(path, 'a'));
  }

  /** Resolves when it is on the disk; entries that come together share one fsync. */
  async write(entry: Accepted): Promise<void> {
    const line = { at: new Date().toISOString(), task_id: entry.taskId, key: entry.plan.key, owner_id: entry.ownerId };
    appendFileSync(this.file.fd, `${JSON.stringify(line)}\n`);
    // A sync under way may have begun before this line was there.
    await this.syncing;
    this.syncing ??= this.file.datasync().finally(() => (this.syncing = undefined));
    await this.syncing;
    this.accepted.push(entry);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

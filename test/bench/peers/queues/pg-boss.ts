import { PgBoss } from 'pg-boss';
import type { Places, QueuePeer } from './queue-peer.js';

const name = 'noop';

/** pg-boss: a job is a row, which stays. It fetches and completes as many at a time as may run at once. */
export class PgBossPeer implements QueuePeer {
  private boss: Promise<PgBoss> | undefined;

  constructor(private readonly places: Places) {}

  async prepare(): Promise<void> {
    await (await this.opened()).createQueue(name, { notify: true });
  }

  async add(number: number): Promise<unknown> {
    return (await this.opened()).send(name, { n: number });
  }

  async addMany(numbers: readonly number[]): Promise<unknown> {
    return (await this.opened()).insert(
      name,
      numbers.map((n) => ({ data: { n } })),
    );
  }

  async work(concurrency: number, onEnd: () => void): Promise<void> {
    const boss = await this.opened();
    // Woken by notifications and, while there is more, without a pause.
    await boss.work(name, { batchSize: concurrency, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 }, (jobs) => {
      jobs.forEach(onEnd);
      return Promise.resolve();
    });
  }

  private opened(): Promise<PgBoss> {
    this.boss ??= open(this.places.databaseUrl);
    return this.boss;
  }
}

async function open(databaseUrl: string): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: databaseUrl, max: 20, useListenNotify: true });
  boss.on('error', (error) => process.stderr.write(`${error.message}\n`));
  await boss.start();
  return boss;
}

import { concurrency } from '../settings.js';
import type { Child, Message } from '../stage/child.js';
import type { Metered } from '../stage/cpu.js';
import type { Stage } from '../stage/stage.js';

/** Jobs that were added, and when; times are the wall clock's, in milliseconds. */
export interface Added extends Message {
  readonly count: number;
  readonly startedAt: number;
  readonly endedAt: number;
}
export interface Ended extends Message {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A queue library on a database of its own: one process that adds jobs, and one that runs them. */
export class QueueLibrary {
  private worker: Child | undefined;
  /** Jobs that the worker that runs now has to end. */
  private due = 0;

  private constructor(
    private readonly stage: Stage,
    readonly name: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly producer: Child,
  ) {}

  /** @param name as in queues/main.ts. */
  static async start(stage: Stage, name: string): Promise<QueueLibrary> {
    const { urls } = await stage.database();
    const env = {
      NODE_ENV: 'production',
      DATABASE_URL: urls.adminUrl,
      ...(name === 'bullmq-redis' && { REDIS_URL: stage.redisUrl }),
    };
    const producer = await stage.start({ name: `${name}-producer`, script, arguments: [name], env });
    const library = new QueueLibrary(stage, name, env, producer);
    await library.order('prepare', 'prepared');
    return library;
  }

  get metered(): readonly Metered[] {
    const worker = this.worker === undefined ? [] : [{ name: 'worker', pid: this.worker.pid }];
    return [{ name: 'producer', pid: this.producer.pid }, ...worker, ...this.stage.stores];
  }

  async startWorker(): Promise<void> {
    const { name, env } = this;
    this.worker = await this.stage.start({ name: `${name}-worker`, script, arguments: [name], env });
    this.worker.send({ event: 'work', concurrency });
    await this.worker.next('working');
  }

  async stopWorker(): Promise<void> {
    await this.worker?.stop('SIGKILL');
    this.worker = undefined;
    this.due = 0;
  }

  /** Adds jobs one by one, from so many callers at once, for a time. */
  async add(callers: number, ms: number): Promise<Added> {
    return this.counted(await this.order<Added>('add', 'added', { callers, ms }));
  }

  /** Adds jobs in bulk. */
  async fill(count: number, size: number): Promise<Added> {
    return this.counted(await this.order<Added>('fill', 'added', { count, size }));
  }

  /** Waits until the worker has ended every job that was added since the last worker stopped. */
  async drained(): Promise<Ended> {
    if (this.worker === undefined) throw new Error(`${this.name} has no worker.`);
    const ended = this.worker.next<Ended>('ended');
    this.worker.send({ event: 'until', count: this.due });
    return ended;
  }

  /** Adds one job after the other, each when the last one was seen to have ended. @returns milliseconds each. */
  async waitFor(count: number): Promise<readonly number[]> {
    this.due += count;
    return (await this.order<Message & { times: number[] }>('waitFor', 'waited', { count })).times;
  }

  private counted(added: Added): Added {
    this.due += added.count;
    return added;
  }

  private async order<T extends Message>(event: string, answer: string, about: object = {}): Promise<T> {
    const told = this.producer.next<T>(answer);
    this.producer.send({ event, ...about });
    return told;
  }
}

const script = 'test/bench/peers/queues/main.ts';

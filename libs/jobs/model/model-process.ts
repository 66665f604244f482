import type { Link } from './link.js';
import type { System } from './system.js';

const restartMs = 5_000;

/** A process with clocks of its own: it can be frozen, die and be started again. */
export abstract class ModelProcess {
  link: Link = 'good';
  /** How far the wall clock of its machine is ahead, in milliseconds. */
  wallAhead = 0;
  alive = false;
  frozen = false;
  /** When it was last frozen, in true time. */
  frozenUntil = -1;
  /** Number of the process: what an earlier one waited for does not reach this one. */
  private process = 0;
  private mailbox: (() => void)[] = [];

  constructor(
    readonly name: string,
    readonly system: System,
    /** Seconds of its monotonic clock in a true second. */
    private readonly rate: number,
  ) {}

  get monotonic(): number {
    return this.system.agenda.now * this.rate;
  }

  get wallClock(): number {
    return this.system.agenda.now + this.wallAhead;
  }

  /** The clock by which it judges its leases. */
  get fencingClock(): number {
    return this.system.rules.selfFenceClock(this.monotonic, this.wallClock);
  }

  /** Names this process as the holder of a lease. */
  get identity(): string {
    return `${this.name}#${this.process}`;
  }

  start(): void {
    if (this.alive) return;
    this.alive = true;
    this.frozen = false;
    this.started();
  }

  /** The process is gone from one moment to the next, and its supervisor starts another one. */
  die(): void {
    if (!this.alive) return;
    this.alive = false;
    this.process += 1;
    this.mailbox = [];
    this.ended();
    this.system.agenda.in(restartMs, () => this.start());
  }

  freeze(): void {
    if (this.alive) this.frozen = true;
  }

  thaw(): void {
    if (this.frozen) this.frozenUntil = this.system.agenda.now;
    this.frozen = false;
    const missed = this.mailbox;
    this.mailbox = [];
    for (const hear of missed) if (this.alive) hear();
    this.system.deliver();
  }

  /** Asks the database, over the link; at most one of the two is called, and none after the process's end. */
  ask<T>(statement: () => T, answered: (answer: T) => void, failed: () => void): void {
    this.system.send(
      this,
      statement,
      (answer, ms) => this.inTrueTime(ms, () => answered(answer)),
      (ms) => this.inTrueTime(ms, failed),
    );
  }

  after(localMs: number, run: () => void): void {
    this.inTrueTime(localMs / this.rate, run);
  }

  every(localMs: number, run: () => void): void {
    this.after(localMs, () => {
      run();
      this.every(localMs, run);
    });
  }

  protected abstract started(): void;
  protected abstract ended(): void;

  private inTrueTime(ms: number, run: () => void): void {
    const { process } = this;
    this.system.agenda.in(ms, () => {
      if (!this.alive || this.process !== process) return;
      if (this.frozen) this.mailbox.push(run);
      else run();
    });
  }
}

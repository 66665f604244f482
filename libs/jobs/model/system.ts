import type { TransitionName } from '../job-status.js';
import { Agenda } from './agenda.js';
import { DoorbellQueue } from './doorbell-queue.js';
import { JobTable, type Row } from './job-table.js';
import { answerMs, overLink, type Link } from './link.js';
import type { Rules } from './rules.js';
import type { Schedule, Work } from './schedule.js';
import { Witness } from './witness.js';

const easyWork: Work = { seconds: 1, result: 'succeeds', manners: 'obeys at once' };

/** What all processes share: the database with its clock and its leader lease, the queue, and time. */
export class System {
  readonly agenda = new Agenda();
  readonly table: JobTable;
  readonly queue: DoorbellQueue;
  /** Gives waiting doorbells to workers that have a free slot. */
  deliver: () => void = () => undefined;
  /** Hears of every claim. */
  claimed: (row: Row) => void = () => undefined;
  /** Who is writing, for the trace. */
  actor = '';
  /** When the database's clock was last put ahead, in true time. */
  jumpedAt = -1;
  /** How far it was ever put back, in all. */
  putBack = 0;
  private readonly leader = { holder: '', expiresAt: -1 };
  private databaseUp = true;
  private clockAhead = 0;
  private nonces = 0;
  private works = 0;

  constructor(
    readonly rules: Rules,
    private readonly schedule: Schedule,
    private readonly trace: string[] | null,
  ) {
    this.table = new JobTable(rules, new Witness(), (row, name) => this.changed(row, name));
    this.queue = new DoorbellQueue(this.agenda, () => this.deliver());
  }

  pass(ms: number): void {
    const until = this.agenda.now + ms;
    while (this.agenda.step(until));
    this.agenda.now = until;
    this.setDatabaseClock();
  }

  outage(ms: number): void {
    this.databaseUp = false;
    this.agenda.in(ms, () => this.databaseStarts());
  }

  jump(ms: number): void {
    this.clockAhead += ms;
    this.putBack += Math.max(0, -ms);
    if (ms > 0) this.jumpedAt = this.agenda.now;
    this.setDatabaseClock();
  }

  queueOutage(ms: number): void {
    this.queue.reachable = false;
    this.agenda.in(ms, () => this.queueReturns());
  }

  /** Ends all outages. */
  mend(): void {
    this.databaseStarts();
    this.queueReturns();
  }

  /** Executes a statement or not, and answers or not, as the link has it; both are told after how many milliseconds. */
  send<T>(
    { link, name }: { readonly link: Link; readonly name: string },
    statement: () => T,
    answered: (answer: T, ms: number) => void,
    failed: (ms: number) => void,
  ): void {
    const execute = (then: (answer: T) => void) => {
      if (!this.databaseUp) return failed(answerMs);
      this.actor = name;
      this.setDatabaseClock();
      then(statement());
    };
    overLink(link, this.agenda, execute, () => this.databaseUp, answered, failed);
  }

  readonly random = (): number => this.schedule.random;

  nextNonce(): number {
    return (this.nonces += 1);
  }

  nextWork(): Work {
    return this.schedule.works[this.works++] ?? easyWork;
  }

  ringFor(row: Row): void {
    this.queue.ring([{ jobId: row.id, dispatch: row.dispatch, delayMs: Math.max(0, row.runAt - row.enqueuedAt) }]);
  }

  acquireLeader(holder: string, seconds: number): boolean {
    const { leader, table } = this;
    if (leader.holder !== holder && leader.expiresAt >= table.now) return false;
    leader.holder = holder;
    leader.expiresAt = table.now + seconds * 1000;
    return true;
  }

  releaseLeader(holder: string): void {
    if (this.leader.holder === holder) this.leader.expiresAt = this.table.now;
  }

  /** The text is only made when somebody wants the trace. */
  tell(who: string, what: () => string): void {
    this.trace?.push(`${(this.agenda.now / 1000).toFixed(3).padStart(8)} s  ${who}: ${what()}`);
  }

  private changed(row: Row, name: TransitionName): void {
    this.tell(this.actor, () => `${row.id} ${name}${effect(row)}`);
    if (name === 'started') this.claimed(row);
  }

  private setDatabaseClock(): void {
    this.table.now = this.agenda.now + this.clockAhead;
  }

  private databaseStarts(): void {
    if (this.databaseUp) return;
    this.databaseUp = true;
    this.setDatabaseClock();
    this.table.startedAt = this.table.now;
  }

  private queueReturns(): void {
    this.queue.reachable = true;
    this.deliver();
  }
}

function effect({ status, fence, attempts, recoveries, lastSeq }: Row): string {
  return ` → ${status}, fence ${fence}, attempts ${attempts}, recoveries ${recoveries}, seq ${lastSeq}`;
}

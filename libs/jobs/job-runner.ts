import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DelayedError, WaitingError, type Job } from 'bullmq';
import { CONFIG, type Config } from '@longhaul/config';
import { isDataError } from '@longhaul/persistence';
import { Attempt } from './attempt.js';
import { inAttempt } from './attempt-trace.js';
import { AttemptStore, type AttemptNotes, type WrittenJob } from './attempt.store.js';
import { ClaimStore, type ClaimedJob } from './claim.store.js';
import { Doorbells } from './doorbells.js';
import { parseInput } from './job-input.js';
import { JobContext } from './job-context.js';
import { PermanentError, ShutdownError, TimeoutError } from './job-errors.js';
import { JobHints } from './job-hints.js';
import { JobJournal } from './job-journal.js';
import { countClaim, countEnd, outcomeName } from './job-metrics.js';
import type { KindDefinition } from './kind.js';
import { JobStore } from './job.store.js';
import { toJsonb } from './jsonb.js';
import { laneOf, type Lane } from './lane.js';
import { LeaseKeeper } from './lease-keeper.js';
import { outcomeOfError, type Outcome } from './outcome.js';
import { ringFor, type Doorbell } from './queue.js';
import { QuietLog } from './quiet-log.js';
import { withinTime } from './time-limit.js';
import { Turns } from './turns.js';
import { UnknownClaims } from './unknown-claims.js';

/** How long a handler may ignore its aborted signal before the attempt ends without it. */
const abandonMs = 5_000;
/** How long a delivery waits when the database cannot be reached. */
const putBackMs = 1_000;
/** How long a worker that stops tries to record an outcome while it cannot reach the database. */
const lastTriesMs = 5_000;
/** How long dealing with a delivery that is not needed may take; BullMQ or the reconciler do what is left undone. */
const queueMs = 2_000;

/** A kind with the function that does its work. */
export interface JobHandler {
  readonly kind: KindDefinition;
  handle(context: JobContext<object>): Promise<object>;
}

/** Runs attempts: claim → parse → handle → outcome → record. */
@Injectable()
export class JobRunner {
  /** Names this process in leases and events. */
  readonly workerId = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  private readonly quiet = new QuietLog(new Logger(JobRunner.name));
  private readonly actor = `worker:${this.workerId}`;
  private draining = false;
  private readonly serving = new Set<Promise<unknown>>();
  private readonly unknownClaims = new UnknownClaims();
  private readonly lane: Lane;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly store: JobStore,
    private readonly claims: ClaimStore,
    private readonly attempts: AttemptStore,
    private readonly leases: LeaseKeeper,
    private readonly doorbells: Doorbells,
    private readonly hints: JobHints,
    private readonly turns: Turns,
  ) {
    this.lane = laneOf(config);
  }

  /**
   * Uses the slot that a delivery grants: runs due jobs of the handler's kind, one after the other, until there is
   * none left. So no slot is idle beside due work, even when doorbells were lost.
   */
  serve(handler: JobHandler, delivery: Job<Doorbell>, token?: string): Promise<void> {
    return this.tracked(this.useSlot(handler, delivery, token));
  }

  /**
   * Runs the next due job of the handler's kind, without a doorbell.
   * @returns false when there was none, or the worker stops.
   * @throws Error when the database cannot be reached.
   */
  serveNext(handler: JobHandler): Promise<boolean> {
    return this.tracked(this.runNext(handler));
  }

  /** Stops claiming, waits, and after `DRAIN_SECONDS` makes what still runs hand over. */
  async drain(): Promise<void> {
    this.draining = true;
    this.turns.close();
    const grace = new AbortController();
    // A claim under way is among them. Deliveries that come later are not, and find nothing to do.
    const allDone = Promise.allSettled([...this.serving]).finally(() => grace.abort());
    await pause(this.config.DRAIN_SECONDS * 1000, undefined, { signal: grace.signal }).catch(() => undefined);
    this.leases.held.forEach((attempt) => attempt.stop(new ShutdownError('The worker stops.')));
    await allDone;
  }

  private tracked<T>(work: Promise<T>): Promise<T> {
    this.serving.add(work);
    return work.finally(() => this.serving.delete(work));
  }

  private async runNext(handler: JobHandler): Promise<boolean> {
    const attempt = this.draining ? null : await this.claim(handler.kind.name);
    if (attempt === null) return false;
    await this.run(handler, attempt);
    return true;
  }

  private async useSlot(handler: JobHandler, delivery: Job<Doorbell>, token?: string): Promise<void> {
    let metItsJob = false;
    while (!this.draining) {
      const attempt = await this.claim(handler.kind.name).catch(() => this.putBack(delivery, token));
      if (attempt === null) break;
      metItsJob ||= attempt.id === delivery.data.jobId;
      await this.run(handler, attempt);
    }
    if (this.draining) await this.giveWay(delivery, token);
    else if (!metItsJob) await this.ringAgain(delivery.data);
  }

  /** @throws Error when the database does not say what became of the claim. */
  private async claim(kind: string): Promise<Attempt | null> {
    const nonce = randomUUID();
    const sentAt = performance.now();
    const job = await this.claimAs(nonce, kind);
    if (job === null) return null;
    countClaim(job);
    this.hints.publish({ id: job.id, from: job.lastSeq, to: job.lastSeq });
    return new Attempt(job, sentAt);
  }

  private async claimAs(nonce: string, kind: string): Promise<ClaimedJob | null> {
    const { workerId, lane } = this;
    try {
      const job = await this.turns.take({ kind, lane, workerId, leaseSeconds: this.config.LEASE_SECONDS }, nonce);
      void this.giveBackUnknown();
      return job;
    } catch (error) {
      this.quiet.warn(`Claim failed: ${(error as Error).message}`);
      // The connection may have broken after the commit: then the job is ours, and nobody else knows.
      const [claimed] = await this.claims.claimedWith([nonce]).catch(() => []);
      if (claimed !== undefined) return claimed;
      this.unknownClaims.add(nonce);
      throw error;
    }
  }

  /** A claim whose answer was lost may have been committed all the same: such a job goes back before its lease ends. */
  private async giveBackUnknown(): Promise<void> {
    const nonces = this.unknownClaims.take();
    if (nonces.length === 0) return;
    const sentAt = performance.now();
    try {
      const claimed = await this.claims.claimedWith(nonces);
      await Promise.all(claimed.map((job) => this.giveBack(new Attempt(job, sentAt), 'claim_unknown')));
    } catch (error) {
      this.quiet.warn(`Claims not looked for: ${(error as Error).message}`);
      nonces.forEach((nonce) => this.unknownClaims.add(nonce));
    }
  }

  private async putBack(delivery: Job<Doorbell>, token?: string): Promise<never> {
    const moved = delivery.moveToDelayed(Date.now() + putBackMs, token);
    await withinTime(moved, queueMs, 'Putting a delivery back').catch((failure: Error) =>
      this.quiet.warn(failure.message),
    );
    // Keeps the slot closed for as long, or a worker without a database would spin through all deliveries.
    await pause(putBackMs);
    throw new DelayedError();
  }

  /** A slot that ends beside due jobs gives its doorbell to another worker: perhaps no other one waits for them. */
  private async giveWay(delivery: Job<Doorbell>, token?: string): Promise<never> {
    await withinTime(delivery.moveToWait(token), queueMs, 'Giving a delivery back').catch((failure: Error) =>
      this.quiet.warn(failure.message),
    );
    throw new WaitingError();
  }

  private run(handler: JobHandler, attempt: Attempt): Promise<void> {
    return inAttempt(attempt, () => this.runHeld(handler, attempt));
  }

  /** @returns the name of the outcome. */
  private async runHeld(handler: JobHandler, attempt: Attempt): Promise<string> {
    // The worker began to stop while the claim was on its way.
    if (this.draining) return this.giveBack(attempt, 'shutdown');
    this.leases.hold(attempt);
    const { job } = attempt;
    const journal = new JobJournal(
      this.attempts,
      attempt,
      this.actor,
      () => void this.leases.lost(attempt),
      () => this.hints.publish({ id: job.id, from: job.lastSeq + 1, to: job.lastSeq + 1 }),
      (error) => this.quiet.warn(`Progress not written yet: ${error.message}`),
      attempt.signal,
    );
    try {
      const outcome = await this.handle(handler, attempt, journal);
      return await this.record(attempt, outcome, await journal.close());
    } finally {
      attempt.close();
      this.leases.drop(attempt);
      const ends = this.lane === 'isolated' || this.config.WORKER_ONCE;
      const passed = this.turns.pass(job, ends ? 'ends' : 'goes on').catch(() => undefined);
      if (this.draining || ends) await withinTime(passed, queueMs, 'Passing a turn').catch(() => undefined);
    }
  }

  private giveBack(attempt: Attempt, reason: 'shutdown' | 'claim_unknown'): Promise<string> {
    attempt.close();
    return this.record(attempt, { kind: 'handed_over', reason }, noNotes);
  }

  private async handle(handler: JobHandler, attempt: Attempt, journal: JobJournal): Promise<Outcome> {
    const { job, signal } = attempt;
    try {
      const input = parseInput(handler.kind, job.input);
      const context = new JobContext(
        {
          jobId: job.id,
          ownerId: job.ownerId,
          attempt: job.attempts,
          fence: job.fence,
          input,
          signal,
          restored: job.checkpoint ?? null,
        },
        journal,
      );
      const result = await untilStopped(handler.handle(context), signal);
      // Too late is too late, also for a handler that does not look at its signal.
      if (signal.reason instanceof TimeoutError) throw signal.reason;
      return { kind: 'succeeded', result: this.checkedResult(result) };
    } catch (error) {
      const outcome = outcomeOfError(error, signal.aborted ? signal.reason : undefined, job, this.config);
      if (outcome.kind === 'failed' && !signal.aborted) {
        this.quiet.error(`Job failed: ${job.kind}, ${outcome.error.code}`, { err: error as Error });
      }
      return outcome;
    }
  }

  private checkedResult(result: object): object {
    const bytes = Buffer.byteLength(toJsonb(result));
    if (bytes <= this.config.MAX_RESULT_BYTES) return result;
    const message = `The result has ${bytes} bytes; ${this.config.MAX_RESULT_BYTES} are allowed.`;
    throw new PermanentError('result_too_large', message);
  }

  /**
   * Repeats the record until the database has answered: the fence makes a second writing harmless.
   * @returns the name of what was recorded.
   */
  private async record(attempt: Attempt, outcome: Outcome, notes: AttemptNotes): Promise<string> {
    const since = performance.now();
    for (let wait = 100; ; wait = Math.min(wait * 2, 5_000)) {
      try {
        const written = this.write(attempt, outcome, notes);
        const job = await (this.draining ? withinTime(written, lastTriesMs, 'Recording') : written);
        countEnd(attempt, outcome, job);
        if (job !== null) this.announce(job, attempt.job.lastSeq + 1);
        return outcomeName(outcome, job);
      } catch (error) {
        this.quiet.warn(`Outcome not recorded yet: ${(error as Error).message}`);
        // The same values would be refused for ever: first the notes are left out, then the result.
        if (isDataError(error)) {
          if (outcome.kind !== 'failed') return this.record(attempt, unstorable(error), noNotes);
          if (notes.events.length > 0) return this.record(attempt, outcome, noNotes);
        }
        // While the worker stops, nobody waits for a database: the lease runs out, and the job is recovered.
        if (this.draining && performance.now() + wait - since > lastTriesMs) return 'unrecorded';
        await pause(wait);
      }
    }
  }

  /** Null: the job is not this attempt's any more, so there is nothing to say. */
  private write(attempt: Attempt, outcome: Outcome, notes: AttemptNotes): Promise<WrittenJob | null> {
    switch (outcome.kind) {
      case 'succeeded':
        return this.attempts.succeed(attempt, outcome.result, notes, this.actor);
      case 'failed':
        return this.attempts.fail(attempt, outcome.error, notes, this.actor);
      case 'retry':
        return this.attempts.retry(attempt, outcome.error, outcome.delayMs, notes, this.actor);
      case 'handed_over':
        return this.attempts.handOver(attempt, outcome.reason, notes, this.actor);
      case 'cancelled':
        return Promise.resolve(null);
    }
  }

  private announce(job: WrittenJob, firstSeq: number): void {
    this.hints.publish({ id: job.id, from: firstSeq, to: job.lastSeq });
    if (job.status === 'PENDING') void this.doorbells.ring([ringFor(job)]);
  }

  /**
   * The job that this doorbell meant is perhaps not due yet. A due job that could not be claimed is not rung for: it
   * waits for one of its owner's to end, and a ring now would only come back.
   */
  private async ringAgain(doorbell: Doorbell): Promise<void> {
    const again = this.store.nextDispatch([doorbell], 'early');
    const rings = await withinTime(again, queueMs, 'Numbering a doorbell').catch(() => []);
    if (rings.length > 0) await this.doorbells.ring(rings);
  }
}

const noNotes: AttemptNotes = { progress: null, events: [] };

/** What the attempt reported cannot be stored, and never will be: an honest failure instead of endless repetition. */
function unstorable(error: unknown): Outcome {
  const message = `The result could not be stored: ${(error as Error).message}`;
  return { kind: 'failed', error: { code: 'result_not_storable', message, retryable: false } };
}

/** The handler's result; or, once its signal is aborted and it does not stop within five seconds, the reason. */
async function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const abandoned = new Promise<never>((_resolve, reject) => {
    const give = () => (timer = setTimeout(() => reject(signal.reason as Error), abandonMs));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
  // An abandoned handler may still fail later; nobody listens then.
  work.catch(() => undefined);
  return Promise.race([work, abandoned]).finally(() => clearTimeout(timer));
}

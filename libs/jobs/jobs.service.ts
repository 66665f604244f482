import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { Collector, isDataError } from '@longhaul/persistence';
import { count } from '@longhaul/telemetry';
import { Backpressure } from './backpressure.js';
import { Doorbells } from './doorbells.js';
import { statusAfter, type JobEvent } from './job-event.js';
import { JobFeed } from './job-feed.js';
import { JobHints } from './job-hints.js';
import { kindLabel } from './job-metrics.js';
import { isTerminal } from './job-status.js';
import { KINDS, type KindRegistry } from './kind.js';
import { ringFor } from './queue.js';
import { JobEntity } from './job.entity.js';
import type { CountFilter, JobCounts } from './job-counts.js';
import type { JobFilter, JobPage } from './job-page.js';
import { JobReader, type ShownJob } from './job.reader.js';
import { JobStore, type NewJob } from './job.store.js';
import { WaitingLine, type PlaceInLine } from './waiting-line.js';

/** What a client asks for, already checked against its kind. */
export type SubmitRequest = Omit<NewJob, 'id'>;

export type SubmitAnswer =
  | { readonly outcome: 'created' | 'replayed'; readonly job: JobEntity }
  /** The owner has used this idempotency key for another request. */
  | { readonly outcome: 'key_reused' }
  /** Too many unfinished tasks: of this owner, or of everybody. */
  | { readonly outcome: 'owner_full' | 'full'; readonly retryAfterSeconds: number };

/** Why something was not begun that would make a job. */
export type NoRoom = Extract<SubmitAnswer, { readonly retryAfterSeconds: number }>;

/** Size of the submits of one statement: a hundred small ones, or a large one alone. */
const submitBytes = 131_072;
/** Of what is not counted in a submit. */
const fixedBytes = 1_024;
/** One commit at a time: what comes meanwhile goes with the next, and the more go together the less each costs. */
const submitLanes = 1;
/** Jobs that one statement reads: results may be a megabyte each. */
const readsTogether = 32;
const readLanes = 1;
/** Log lines that are shown with a job. */
const shownLines = 50;

/** The api's side of jobs: everything a client may ask for, without the rules on who may. */
@Injectable()
export class JobsService {
  /** Submits of one moment share a transaction; each is answered after its commit. */
  private readonly submits = new Collector<SubmitRequest, SubmitAnswer>(
    (requests) => this.submitMany(requests),
    submitBytes,
    submitLanes,
    ({ input, metadata }) => fixedBytes + JSON.stringify([input, metadata]).length,
  );

  private readonly shown = new Collector<string, ShownJob | null>(
    (ids) => this.reader.shown(ids, shownLines),
    readsTogether,
    readLanes,
  );

  private readonly found = new Collector<string, JobEntity | null>(
    (ids) => this.reader.found(ids),
    readsTogether,
    readLanes,
  );

  /** Made in transactions of callers; counted when they are announced, which is after the commit. */
  private readonly uncounted = new WeakSet<JobEntity>();

  constructor(
    @Inject(KINDS) private readonly kinds: KindRegistry,
    private readonly store: JobStore,
    private readonly reader: JobReader,
    private readonly doorbells: Doorbells,
    private readonly hints: JobHints,
    private readonly feed: JobFeed,
    private readonly backpressure: Backpressure,
    private readonly line: WaitingLine,
  ) {}

  /** Accepts a job: when this resolves with `created`, it is committed and will reach exactly one end. */
  submit(request: SubmitRequest): Promise<SubmitAnswer> {
    return this.submits.add(request);
  }

  /**
   * Does what may write a job of this owner by {@link submitWithin}, unless there are too many unfinished ones: the work
   * is not begun then.
   */
  async withRoom<Answer>(ownerId: string, work: () => Promise<Answer>): Promise<Answer | NoRoom> {
    const { refusal, settle } = await this.backpressure.admit(ownerId, 1);
    try {
      return refusal ?? (await work());
    } finally {
      settle();
    }
  }

  /**
   * Accepts a job in a transaction of the caller's, whatever there is of unfinished jobs: what was decided and what
   * follows from it are committed together. To be announced after the commit, which counts it as submitted.
   * @param request with a key: used before, the job that it made is the answer.
   */
  async submitWithin(
    manager: EntityManager,
    request: SubmitRequest & { readonly idempotencyKey: string },
  ): Promise<JobEntity> {
    const [made] = await this.store.insert([{ ...request, id: uuidV7() }], manager);
    const [job] = made === undefined ? await this.reader.findByKeys(request.ownerId, [request.idempotencyKey]) : [made];
    if (job === undefined) throw new Error(`The job with the key of ${request.kind} is not there.`);
    if (made !== undefined) this.uncounted.add(made);
    return job;
  }

  /** Accepts or refuses each request by itself, in one transaction; the answers are in the order of the requests. */
  async submitMany(requests: readonly SubmitRequest[]): Promise<SubmitAnswer[]> {
    const answers = new Array<SubmitAnswer | undefined>(requests.length);
    // A repeated request is answered even when no new one would be accepted.
    await this.answerReplays(requests, answers);
    const settles: (() => void)[] = [];
    try {
      await this.refuseOverLimit(requests, answers, settles);
      await this.insertOpen(requests, answers);
    } finally {
      settles.forEach((settle) => settle());
    }
    return answers.map((answer) => answer ?? { outcome: 'key_reused' });
  }

  /** A job without its input and checkpoint. Thousands of streams may begin at once: they are read together. */
  find(id: string): Promise<JobEntity | null> {
    return this.found.add(id);
  }

  /** Whether a list with this `q` would show the job. */
  holdsText(id: string, q: string): Promise<boolean> {
    return this.reader.holdsText(id, q);
  }

  /** Whose job it was that retention removed, if that was in the last `days`. */
  findRemoved(id: string, days: number): Promise<{ readonly ownerId: string } | null> {
    return this.reader.findRemoved(id, days);
  }

  page(filter: JobFilter): Promise<JobPage> {
    return this.reader.page(filter);
  }

  counts(filter: CountFilter): Promise<JobCounts> {
    return this.reader.counts(filter);
  }

  events(id: string, page: { readonly after?: number; readonly limit: number }): Promise<JobEvent[]> {
    return this.reader.events(id, page);
  }

  /** Log lines and messages of other events, ascending; with `newest`, the last `limit` of them. */
  logs(
    id: string,
    page: { readonly after?: number; readonly upTo?: number; readonly limit: number; readonly newest?: boolean },
  ): Promise<JobEvent[]> {
    return this.reader.logs(id, page);
  }

  /** What a job was submitted with; null when it is not there. */
  inputOf(id: string): Promise<JobEntity['input'] | null> {
    return this.reader.inputOf(id);
  }

  /** A job as one is shown, with its newest log lines. */
  show(id: string): Promise<ShownJob | null> {
    return this.shown.add(id);
  }

  /** Where a job waits in the line of its kind; null when it does not. */
  placeInLine(job: JobEntity): Promise<PlaceInLine | null> {
    return this.line.placeOf(job);
  }

  /** Where a job waits that was just submitted. */
  placeOfNew(job: JobEntity): Promise<PlaceInLine | null> {
    return this.line.placeOfNew(job);
  }

  /** Ends a job at once. Its worker is told, and whatever it still writes is refused. */
  async cancel(id: string, actor: string): Promise<'cancelled' | 'already_cancelled' | 'ended' | 'missing'> {
    const job = await this.store.cancel(id, actor);
    if (job !== null) {
      count('longhaul_jobs_ended_total', { kind: kindLabel(this.kinds, job.kind), status: 'CANCELLED' });
      this.hints.publish({ id, from: job.lastSeq, to: job.lastSeq, cancelled: true });
      return 'cancelled';
    }
    const current = await this.reader.find(id);
    if (current === null) return 'missing';
    return current.status === 'CANCELLED' ? 'already_cancelled' : 'ended';
  }

  /** As {@link cancel}, of the job that an owner has with this key, if there is one. */
  async cancelByKey(ownerId: string, key: string, actor: string): Promise<void> {
    const [job] = await this.reader.findByKeys(ownerId, [key]);
    if (job !== undefined && !isTerminal(job.status)) await this.cancel(job.id, actor);
  }

  /** Starts a new round of a FAILED job. */
  async requeue(id: string, actor: string): Promise<JobEntity | 'not_failed' | 'missing'> {
    const job = await this.store.requeue(id, actor);
    if (job !== null) {
      this.announce([job]);
      return job;
    }
    return (await this.reader.find(id)) === null ? 'missing' : 'not_failed';
  }

  /** Notes that a FAILED job needs nothing more, and why; one that is discarded already stays as it is. */
  async discard(id: string, reason: string, actor: string): Promise<JobEntity | 'not_failed' | 'missing'> {
    const job = await this.store.discard(id, reason, actor);
    if (job !== null) {
      this.announce([job]);
      return job;
    }
    const current = await this.reader.find(id);
    if (current === null) return 'missing';
    return current.discardedAt === null ? 'not_failed' : current;
  }

  /**
   * Resolves once a job has ended (`end`), or has an event later than this row (`change`); at the latest after
   * `timeoutMs`, when the signal aborts, or when there is no such job any more. What became of it the caller reads.
   */
  wait(
    { id, status, lastSeq }: Pick<JobEntity, 'id' | 'status' | 'lastSeq'>,
    options: { readonly until: 'end' | 'change'; readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<void> {
    if (isTerminal(status)) return Promise.resolve();
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const stop = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
    const enough = (events: readonly JobEvent[]) =>
      options.until === 'change' || events.some(({ type }) => isTerminal(statusAfter(type)));
    return new Promise((resolve) => {
      const done = () => {
        unwatch();
        stop.removeEventListener('abort', done);
        resolve();
      };
      const unwatch = this.feed.watch(id, lastSeq, (events) => enough(events) && done(), done);
      stop.addEventListener('abort', done);
      if (stop.aborted) done();
    });
  }

  /**
   * A connection that broke during the commit says neither yes nor no: then the rows are looked for. The statement is
   * atomic, so finding any of them means that it was committed.
   */
  private async insert(jobs: readonly NewJob[]): Promise<JobEntity[]> {
    try {
      return await this.store.insert(jobs);
    } catch (error) {
      const found = isDataError(error) ? [] : await this.reader.findMany(jobs.map(({ id }) => id)).catch(() => []);
      if (found.length === 0) throw error;
      return found;
    }
  }

  /** Writes a job for each request that has no answer yet. */
  private async insertOpen(requests: readonly SubmitRequest[], answers: (SubmitAnswer | undefined)[]): Promise<void> {
    const wanted = requests.flatMap((request, index) =>
      answers[index] === undefined ? [{ index, job: { ...request, id: uuidV7() } }] : [],
    );
    if (wanted.length === 0) return;
    const made = new Map((await this.insert(wanted.map(({ job }) => job))).map((job) => [job.id, job]));
    for (const { index, job } of wanted) {
      const created = made.get(job.id);
      if (created === undefined) continue;
      answers[index] = { outcome: 'created', job: created };
      count('longhaul_jobs_submitted_total', { kind: job.kind });
    }
    this.announce([...made.values()]);
    // Somebody else used the same key at the same moment: their row is committed now.
    await this.answerReplays(requests, answers);
  }

  private async answerReplays(
    requests: readonly SubmitRequest[],
    answers: (SubmitAnswer | undefined)[],
  ): Promise<void> {
    const open = requests.filter((request, index) => answers[index] === undefined && request.idempotencyKey !== null);
    const byOwner = Map.groupBy(open, (request) => request.ownerId);
    for (const [ownerId, ofOwner] of byOwner) {
      const keys = ofOwner.map((request) => request.idempotencyKey ?? '');
      const earlier = new Map((await this.reader.findByKeys(ownerId, keys)).map((job) => [job.idempotencyKey, job]));
      requests.forEach((request, index) => {
        const job = request.ownerId === ownerId ? earlier.get(request.idempotencyKey) : undefined;
        if (answers[index] !== undefined || request.idempotencyKey === null || job === undefined) return;
        answers[index] =
          job.requestHash === request.requestHash ? { outcome: 'replayed', job } : { outcome: 'key_reused' };
      });
    }
  }

  /** @param settles takes what must be called when the insert of the others has ended. */
  private async refuseOverLimit(
    requests: readonly SubmitRequest[],
    answers: (SubmitAnswer | undefined)[],
    settles: (() => void)[],
  ): Promise<void> {
    const open = requests
      .map((request, index) => ({ request, index }))
      .filter(({ index }) => answers[index] === undefined);
    for (const [ownerId, ofOwner] of Map.groupBy(open, ({ request }) => request.ownerId)) {
      const { admitted, refusal, settle } = await this.backpressure.admit(ownerId, ofOwner.length);
      settles.push(settle);
      for (const { index } of ofOwner.slice(admitted)) answers[index] = refusal ?? undefined;
    }
  }

  /**
   * Tells watchers of each job's newest event, and rings for those that wait. Best effort, after the commit: the
   * reconciler rings again what is lost here.
   */
  announce(jobs: readonly JobEntity[]): void {
    for (const job of jobs) {
      this.hints.publish({ id: job.id, from: job.lastSeq, to: job.lastSeq });
      if (this.uncounted.delete(job)) count('longhaul_jobs_submitted_total', { kind: job.kind });
    }
    void this.doorbells.ring(jobs.filter(({ status }) => status === 'PENDING').map((job) => ringFor(job)));
  }
}

import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { call, type Answer } from '../../support/call.js';
import type { App } from '../stage/app.js';
import type { Callers } from '../stage/postgres.js';
import type { JobPlan } from './job-mix.js';
import type { Accepted, Ledger } from './ledger.js';

const patienceMs = 10_000;
const retryMs = 50;

/** Jobs that come every second when all planned ones have come and the fault is not over yet. */
const furtherPerSecond = 5;

/** Clients that submit jobs, through the apis in turn, and repeat a submit until it is accepted. */
export class Load {
  /** Acknowledged cancels: the task's id. */
  readonly cancelled = new Set<string>();
  /** Answers that no client may get, whatever is broken. */
  readonly wrongAnswers: string[] = [];
  private readonly permits = new EventEmitter().setMaxListeners(0);
  private permitted = 0;
  private taken = 0;
  private isLast = false;
  private turn = 0;
  private readonly cancels: Promise<void>[] = [];

  constructor(
    private readonly plan: (index: number) => JobPlan,
    /** Jobs at the least. */
    readonly size: number,
    private readonly apis: readonly App[],
    private readonly callers: Callers,
    private readonly ledger: Ledger,
    private readonly onAccepted: (accepted: Accepted) => void,
    private readonly signal: AbortSignal,
  ) {}

  /** Lets so many more jobs be submitted, as fast as the clients can. */
  permit(jobs: number): void {
    this.permitted += jobs;
    this.permits.emit('more');
  }

  /** Permits the jobs one by one, spread over a time, and then a few more until {@link close}: no fault is left alone. */
  async permitOver(ms: number): Promise<void> {
    const started = performance.now();
    while (!this.isLast && !this.signal.aborted) {
      const passed = performance.now() - started;
      const further = Math.max(0, passed - ms) / (1_000 / furtherPerSecond);
      const due = Math.ceil(Math.min(1, passed / ms) * this.size + further);
      if (due > this.permitted) this.permit(due - this.permitted);
      await pause(20);
    }
  }

  /** Submits one more job at once, beside the clients. @returns the task's id; undefined when the run was given up. */
  async add(plan: JobPlan): Promise<string | undefined> {
    return this.submit(plan);
  }

  /** An admin's DELETE; whichever of 204 and 409 it gets is right. */
  cancelNow(taskId: string): void {
    this.cancels.push(this.cancel(taskId, 0));
  }

  /** No more than the planned and the permitted jobs will come. */
  close(): void {
    this.permitted = Math.max(this.permitted, this.size);
    this.isLast = true;
    this.permits.emit('more');
  }

  /** Runs the clients until every job is accepted and every cancel answered. */
  async run(clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, () => this.client()));
    await Promise.all(this.cancels);
  }

  private async client(): Promise<void> {
    while (!this.signal.aborted) {
      if (this.taken < this.permitted) await this.submit(this.plan((this.taken += 1)));
      else if (this.isLast) return;
      else await once(this.permits, 'more', { signal: this.signal });
    }
  }

  private async submit(plan: JobPlan): Promise<string | undefined> {
    const owner = this.callers.owners[plan.owner];
    const runAt = plan.delayMs > 0 ? Date.now() + plan.delayMs : null;
    // Made once: the same key must come with the same body.
    const metadata = { key: plan.key };
    const body = { ...plan.body, metadata, ...(runAt !== null && { run_at: new Date(runAt).toISOString() }) };
    const headers = { 'idempotency-key': plan.key };
    const answer = await this.insist((api) => call(api, 'POST', '/tasks', { token: owner.token, body, headers }));
    if (answer?.status !== 202) {
      this.wrong(`POST of ${plan.key}`, answer);
      return undefined;
    }
    const taskId = (answer.json as { task_id: string }).task_id;
    const accepted = { taskId, plan, ownerId: owner.id, runAt };
    await this.ledger.write(accepted);
    this.onAccepted(accepted);
    if (plan.cancelAfterMs !== null) this.cancels.push(this.cancel(taskId, plan.cancelAfterMs));
    return taskId;
  }

  private async cancel(taskId: string, afterMs: number): Promise<void> {
    await pause(afterMs, undefined, { signal: this.signal }).catch(() => undefined);
    const { token } = this.callers.admin;
    const answer = await this.insist((api) => call(api, 'DELETE', `/tasks/${taskId}`, { token }));
    if (answer?.status === 204) this.cancelled.add(taskId);
    // 409: it had ended.
    else if (answer?.status !== 409) this.wrong(`DELETE of ${taskId}`, answer);
  }

  /** Repeats a call, by the next api each time, while it gets no answer or one that says "later". */
  private async insist(send: (api: { readonly url: string }) => Promise<Answer>): Promise<Answer | undefined> {
    while (!this.signal.aborted) {
      const api = this.apis[(this.turn += 1) % this.apis.length];
      const answer = await inTime(send(api)).catch(() => undefined);
      if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
      await pause(retryMs);
    }
    return undefined;
  }

  private wrong(what: string, answer: Answer | undefined): void {
    if (answer !== undefined) this.wrongAnswers.push(`${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
  }
}

/** An api that is frozen answers nothing, and closes nothing. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = pause(patienceMs, undefined, { signal: done.signal }).then(() => {
    throw new Error('no answer in time');
  });
  return Promise.race([answer, late]).finally(() => done.abort());
}

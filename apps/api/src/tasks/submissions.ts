import { Injectable } from '@nestjs/common';
import type { JobEntity, SubmitAnswer, SubmitRequest } from '@longhaul/jobs';
import { JobsService } from '@longhaul/jobs';
import { checkJsonHygiene } from '../http/json-hygiene.js';
import { invalidBody, Problem, retryAfter } from '../problems/problem.js';
import { toProblem } from '../problems/to-problem.js';
import { hashOfBody } from './idempotency-key.js';
import { SubmitBodyReader } from './submit-body.js';

/** Most items of one batch. */
export const maxBatchItems = 1_000;

/** Stands in no Idempotency-Key, so the key of a batch's item is never a key that a client can send. */
const itemSeparator = '\u001f';

/** Who submits, and under which key and trace. */
export interface Submitter {
  readonly ownerId: string;
  readonly idempotencyKey: string | null;
  readonly traceparent: string;
}

export interface Accepted {
  readonly job: JobEntity;
  /** The same request was accepted before, and this is its task. */
  readonly replayed: boolean;
}

/** Turns submit bodies into jobs, or into the Problem that says why not. */
@Injectable()
export class Submissions {
  constructor(
    private readonly bodies: SubmitBodyReader,
    private readonly jobs: JobsService,
  ) {}

  /** @throws Problem when the body or the moment does not fit; nothing has been made then. */
  async submit(body: unknown, submitter: Submitter): Promise<Accepted> {
    return accepted(await this.jobs.submit(await this.request(body, submitter)));
  }

  /** Accepts or refuses each item by itself; a key counts for each item by its place in the batch. */
  async submitBatch(body: unknown, submitter: Submitter): Promise<(Accepted | Problem)[]> {
    const items: unknown[] = Array.isArray(body) ? body : [];
    if (items.length < 1 || items.length > maxBatchItems) {
      throw invalidBody([{ pointer: '', detail: `must be an array of 1 to ${maxBatchItems} submit bodies` }]);
    }
    const read = await Promise.all(items.map((item, index) => this.readItem(item, index, submitter)));
    const requests = read.flatMap((entry) => (entry instanceof Problem ? [] : [entry]));
    const answers = requests.length > 0 ? await this.jobs.submitMany(requests) : [];
    let next = 0;
    return read.map((entry) => {
      if (entry instanceof Problem) return entry;
      const answer = answers[next++];
      return answer === undefined ? new Problem('internal') : settle(() => accepted(answer));
    });
  }

  private async readItem(item: unknown, index: number, submitter: Submitter): Promise<SubmitRequest | Problem> {
    const { idempotencyKey: key } = submitter;
    try {
      checkJsonHygiene(item);
      return await this.request(item, {
        ...submitter,
        idempotencyKey: key === null ? null : `${key}${itemSeparator}${index}`,
      });
    } catch (error) {
      return toProblem(error);
    }
  }

  private async request(body: unknown, submitter: Submitter): Promise<SubmitRequest> {
    const job = await this.bodies.read(body);
    return { ...job, ...submitter, requestHash: submitter.idempotencyKey === null ? null : hashOfBody(body) };
  }
}

function settle(take: () => Accepted): Accepted | Problem {
  try {
    return take();
  } catch (error) {
    return toProblem(error);
  }
}

function accepted(answer: SubmitAnswer): Accepted {
  switch (answer.outcome) {
    case 'created':
    case 'replayed':
      return { job: answer.job, replayed: answer.outcome === 'replayed' };
    case 'key_reused':
      throw new Problem('idempotency_key_reused');
    case 'owner_full':
      throw new Problem('too_many_unfinished_tasks', undefined, retryAfter(answer.retryAfterSeconds));
    case 'full':
      throw new Problem('overloaded', undefined, retryAfter(answer.retryAfterSeconds));
  }
}

import { createEventSource } from 'eventsource-client';

/** What was expected of the deployment and did not come. */
export class Miss extends Error {
  override readonly name = 'Miss';
}

export type Caller = 'user' | 'admin' | 'editor' | 'nobody';

export interface Call {
  readonly as?: Caller;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; an empty object when it is no JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- checks look into it freely
  readonly json: any;
}

/** A message of a stream, and when it came. */
export interface Message {
  readonly id: number;
  readonly type: string;
  readonly status: string;
  /** Milliseconds of the process's clock. */
  readonly at: number;
}

export interface TargetOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly tokens: Readonly<Partial<Record<Caller, string>>>;
  readonly scrapeUrl: string;
  /** How long a task may take to end, in seconds. */
  readonly patience: number;
}

const callSeconds = 40;
export const ended = ['SUCCESS', 'FAILED', 'CANCELLED'];

/** The deployment as anybody sees it: by HTTP and in no other way. */
export class Target {
  /** Tasks that were submitted here. */
  readonly tasks: string[] = [];

  constructor(readonly options: TargetOptions) {}

  /** @throws Miss when there is no answer. */
  async call(method: string, path: string, { as = 'user', body, headers }: Call = {}): Promise<Answer> {
    const url = path.startsWith('http') ? path : this.options.baseUrl + path;
    try {
      const answer = await fetch(url, {
        ...{ method, redirect: 'manual', signal: AbortSignal.timeout(callSeconds * 1_000) },
        headers: {
          ...this.authorization(as),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        body: typeof body === 'object' ? JSON.stringify(body) : body,
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, text, json: parsed(text) };
    } catch (error) {
      throw new Miss(`${method} ${path} got no answer: ${reasonOf(error)}`);
    }
  }

  /** A call that has to be answered with this status. @throws Miss */
  async expect(status: number, method: string, path: string, options: Call = {}): Promise<Answer> {
    const answer = await this.call(method, path, options);
    if (answer.status === status) return answer;
    const { detail = answer.text.slice(0, 100), errors = [] } = answer.json;
    const fields = (errors as { pointer: string; detail: string }[]).map((one) => `${one.pointer} ${one.detail}`);
    const said = [detail, ...fields].join(' ').replace(/\s+/g, ' ').trim();
    throw new Miss(`${method} ${path} was answered with ${answer.status} in place of ${status}: ${said}`);
  }

  /** @returns the answer to the submit. @throws Miss */
  async submit(body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const answer = await this.expect(202, 'POST', '/tasks', { body, headers });
    if (!this.tasks.includes(answer.json.task_id)) this.tasks.push(answer.json.task_id);
    return answer;
  }

  /** Waits for the end of a task. @returns the task. @throws Miss when it does not end in time. */
  async end(id: string): Promise<Answer['json']> {
    const deadline = performance.now() + this.options.patience * 1_000;
    for (;;) {
      const left = Math.ceil((deadline - performance.now()) / 1_000);
      const wait = Math.max(1, Math.min(20, left));
      const { json } = await this.expect(200, 'GET', `/tasks/${id}`, { headers: { prefer: `wait=${wait}` } });
      if (ended.includes(json.status)) return json;
      if (left <= 0) throw new Miss(`task ${id} ${stateOf(json)} after ${this.options.patience} s`);
    }
  }

  /**
   * Follows a task's stream by one connection, until the listener says that it is enough or the task has ended.
   * @throws Miss when the stream is refused, breaks, or says nothing for too long.
   */
  async follow(id: string, query: string, enough: (message: Message) => boolean): Promise<Message[]> {
    const messages: Message[] = [];
    let failure: string | undefined;
    const patience = setTimeout(() => {
      failure = `the stream of ${id} did not end within ${this.options.patience} s`;
      stream.close();
    }, this.options.patience * 1_000);
    const stream = createEventSource({
      url: `${this.options.baseUrl}/tasks/${id}/stream${query}`,
      headers: this.authorization('user'),
      fetch: async (url, init) => {
        const answer = await fetch(url, init);
        if (answer.status !== 200) failure = `the stream of ${id} was refused with ${answer.status}`;
        return answer;
      },
      onDisconnect: () => stream.close(),
      onScheduleReconnect: () => stream.close(),
    });
    try {
      for await (const { id: number, data } of stream) {
        const { type, status } = JSON.parse(data) as { type: string; status: string };
        messages.push({ id: Number(number), type, status, at: performance.now() });
        if (enough(messages[messages.length - 1]) || ended.includes(status)) break;
      }
    } finally {
      clearTimeout(patience);
      stream.close();
    }
    if (failure !== undefined) throw new Miss(failure);
    return messages;
  }

  private authorization(as: Caller): Record<string, string> {
    const token = this.options.tokens[as];
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }
}

/** @throws Miss unless it holds. */
export function need(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Miss(otherwise);
}

/** What can be said about a task that should have ended. */
function stateOf({ status, started_at: started, error }: Answer['json']): string {
  if (status === 'RUNNING') return 'still runs';
  if (started === null && error === null) return 'has not been started (does a worker run?)';
  return `waits for its next attempt (the last one: ${error?.message ?? 'handed over'})`;
}

function parsed(text: string): object {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}

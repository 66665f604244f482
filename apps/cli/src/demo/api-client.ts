import { createEventSource } from 'eventsource-client';

/** A task as the api shows it, as far as the demo looks into it. */
export interface Task {
  readonly task_id: string;
  readonly task_type: string;
  readonly status: string;
  readonly result_payload: unknown;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly links: { readonly self: string; readonly stream: string; readonly events: string };
}

/** A piece of content as the api shows it, as far as the demo looks into it. */
export interface Content {
  readonly content_id: string;
  readonly topic: string;
  readonly published_version: number | null;
  readonly version: {
    readonly number: number;
    readonly etag: string;
    readonly title: string;
    readonly sources: readonly unknown[];
    readonly quality: { readonly score: number } | null;
  };
  readonly links: { readonly page: string | null };
}

/** One message of a task's stream. */
export interface TaskEvent {
  readonly type: string;
  readonly status: string;
  readonly progress: {
    readonly percent: number;
    readonly current: number | null;
    readonly total: number | null;
    readonly message: string | null;
  } | null;
  readonly message: string | null;
}

/** An answer that is no success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const ended = ['SUCCESS', 'FAILED', 'CANCELLED'];

/** Speaks to the api over HTTP, like any other client. */
export class ApiClient {
  private constructor(
    readonly url: string,
    private readonly token: string,
    private readonly signal: AbortSignal,
  ) {}

  static async signIn(
    url: string,
    { username, password }: { readonly username: string; readonly password: string },
    signal: AbortSignal,
  ): Promise<ApiClient> {
    const body = new URLSearchParams({ username, password });
    const answer = await fetch(`${url}/auth/token`, { method: 'POST', body, signal });
    const { access_token: token } = await readJson<{ access_token: string }>('POST /auth/token', answer);
    return new ApiClient(url, token, signal);
  }

  submit(body: Record<string, unknown>): Promise<Task> {
    return this.call<Task>('POST', '/tasks', body);
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.call<Answer>('GET', path);
  }

  /** @param etag of the version that is approved. */
  approve(contentId: string, etag: string, body: Record<string, unknown>): Promise<Content> {
    return this.call<Content>('POST', `/content/${contentId}/approve`, body, { 'if-match': etag });
  }

  /** @param etag of the newest version. */
  unpublish(contentId: string, etag: string, body: Record<string, unknown>): Promise<Content> {
    return this.call<Content>('POST', `/content/${contentId}/unpublish`, body, { 'if-match': etag });
  }

  /** A page as everybody gets it, without a token. */
  async publicPage(path: string): Promise<string> {
    const answer = await fetch(`${this.url}${path}`, { signal: this.signal });
    if (!answer.ok) throw new ApiError(answer.status, `GET ${path} was answered with ${answer.status}.`);
    return answer.text();
  }

  /**
   * Hands every event of a task to the listener, from its first to its last, until the api ends the stream. A
   * connection that breaks is made again and goes on after the last event that came.
   * @throws ApiError when the stream is refused.
   */
  async follow(task: Task, listener: (event: TaskEvent) => void): Promise<void> {
    let refusal: Error | undefined;
    let isOver = false;
    const stream = createEventSource({
      url: `${this.url}${task.links.stream}?from=0`,
      headers: this.headers(),
      fetch: async (url, init) => {
        const answer = await fetch(url, init);
        if (answer.status >= 400 && answer.status < 500) {
          refusal = await refusalOf(`GET ${task.links.stream}`, answer);
          stream.close();
        }
        return answer;
      },
      onDisconnect: () => {
        if (isOver) stream.close();
      },
    });
    const close = () => stream.close();
    this.signal.addEventListener('abort', close, { once: true });
    try {
      for await (const { data } of stream) {
        const event = JSON.parse(data) as TaskEvent;
        listener(event);
        isOver = ended.includes(event.status);
      }
    } finally {
      this.signal.removeEventListener('abort', close);
      stream.close();
    }
    this.signal.throwIfAborted();
    if (refusal !== undefined) throw refusal;
  }

  private async call<Answer>(
    method: string,
    path: string,
    body?: Record<string, unknown>,
    conditions: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...this.headers(), ...conditions, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
      signal: this.signal,
    });
    return readJson<Answer>(`${method} ${path}`, answer);
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }
}

async function readJson<Body>(what: string, answer: Response): Promise<Body> {
  if (!answer.ok) throw await refusalOf(what, answer);
  return (await answer.json()) as Body;
}

/** The problem document that the api sent, as one sentence. */
async function refusalOf(what: string, answer: Response): Promise<ApiError> {
  const { detail = '', errors = [] } = (await answer.json()) as {
    detail?: string;
    errors?: { pointer: string; detail: string }[];
  };
  const fields = errors.map((error) => `${error.pointer} ${error.detail}`).join('; ');
  return new ApiError(answer.status, `${what} was answered with ${answer.status}: ${detail} ${fields}`.trim());
}

/** One message of a stream. */
export interface StreamMessage {
  /** Undefined for a message without an id of its own. */
  readonly id: string | undefined;
  /** The parsed JSON of its data. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it freely
  readonly data: any;
}
export interface StreamOptions {
  readonly token?: string;
  readonly lastEventId?: string | number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the stream: the loop over it just stops. */
  readonly signal?: AbortSignal;
}

/** The server refused the stream. */
export class StreamRefused extends Error {
  override readonly name = 'StreamRefused';
  constructor(
    readonly status: number,
    readonly body: string,
  ) {
    super(`The stream was refused with ${status}: ${body}`);
  }
}

/**
 * Opens one stream, without reconnecting; a 204 is a stream without messages. Leaving the loop closes the connection.
 * @throws StreamRefused for any other answer than 200 and 204; TypeError when the connection breaks.
 */
export async function* openStream(url: string, options: StreamOptions = {}): AsyncGenerator<StreamMessage, void> {
  const left = new AbortController();
  const signal = options.signal === undefined ? left.signal : AbortSignal.any([left.signal, options.signal]);
  try {
    const response = await fetch(url, { signal, headers: headersFor(options) });
    if (response.status === 204) return;
    if (response.status !== 200) throw new StreamRefused(response.status, await response.text());
    for await (const block of blocks(response)) {
      const message = parse(block);
      if (message !== undefined) yield message;
    }
  } catch (error) {
    if (!options.signal?.aborted) throw error;
  } finally {
    left.abort();
  }
}

function headersFor({ token, lastEventId, headers }: StreamOptions): Record<string, string> {
  return {
    accept: 'text/event-stream',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(lastEventId !== undefined && { 'last-event-id': String(lastEventId) }),
    ...headers,
  };
}

/** The parts between blank lines; one that is not finished is dropped, as the standard says. */
async function* blocks(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}

function parse(block: string): StreamMessage | undefined {
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'id') id = value;
    if (field === 'data') data.push(value);
  }
  return data.length === 0 ? undefined : { id, data: JSON.parse(data.join('\n')) };
}

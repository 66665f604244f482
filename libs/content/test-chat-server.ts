import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test's model was asked. */
export interface ChatRequest {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly body: {
    readonly model: string;
    readonly stream: boolean;
    readonly messages: { role: string; content: string }[];
  };
}

/** How it answers. */
export type ChatReply = (response: ServerResponse, request: ChatRequest) => void;

const event = (data: unknown) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const chunk = (content: string | null, finish: string | null = null) =>
  event({
    id: 'c',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  });

/** Answers as OpenAI does, in pieces. @param finish why it ends; null: it is cut off. */
export function says(
  text: string,
  {
    finish = 'stop',
    usage = { prompt_tokens: 1000, completion_tokens: 500 },
  }: { readonly finish?: string | null; readonly usage?: object | null } = {},
): ChatReply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let start = 0; start < text.length; start += 50) response.write(chunk(text.slice(start, start + 50)));
    if (finish === null) return void setImmediate(() => response.destroy());
    response.write(chunk(null, finish));
    if (usage !== null) response.write(event({ id: 'c', object: 'chat.completion.chunk', choices: [], usage }));
    response.end(event('[DONE]'));
  };
}

/** Begins to answer, and then says nothing more. */
export const fallsSilent: ChatReply = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk('# A title\n\nIt begins'));
};

/** Refuses. The text repeats the key, as some servers do. */
export function refuses(status: number, headers: Record<string, string> = {}): ChatReply {
  return (response, request) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error: { message: `No, ${request.headers.authorization}`, code: 'no' } }));
}

/** A server on loopback that speaks OpenAI's protocol, and answers what a test tells it to. */
export class TestChatServer {
  readonly requests: ChatRequest[] = [];
  /** Requests whose caller went away before the answer's end. */
  aborted = 0;
  /** Answers in turn; the last one stays. */
  replies: ChatReply[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TestChatServer> {
    const chat = new TestChatServer(createServer());
    chat.server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      response.on('close', () => void (response.writableFinished || chat.aborted++));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(parts).toString()) as ChatRequest['body'];
        const asked = { headers: request.headers, path: request.url ?? '', body };
        chat.requests.push(asked);
        const reply = chat.replies.length > 1 ? chat.replies.shift() : chat.replies[0];
        reply?.(response, asked);
      });
    });
    chat.server.listen(0, '127.0.0.1');
    await once(chat.server, 'listening');
    return chat;
  }

  /** For OPENAI_BASE_URL. */
  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** Forgets what it was asked, and answers like this from now on. */
  reset(...replies: ChatReply[]): void {
    this.requests.length = 0;
    this.aborted = 0;
    this.replies = replies;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

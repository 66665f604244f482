import { retryAfterOf } from '@longhaul/http';
import type OpenAI from 'openai';
import { GeneratorError } from '../generator.js';
import type { ChatMessage } from './prompts.js';

/** A server that speaks OpenAI's protocol. */
export interface ChatServer {
  readonly baseUrl: string;
  /** Empty: none. */
  readonly apiKey: string;
  /** For one whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** The longest silence within an answer, in milliseconds. */
  readonly silenceMs: number;
}

/** What a caller is told while an answer comes. */
export interface ChatListener {
  /** All of the text so far. */
  heard(text: string): void;
  /** What the answer took, at its end; of one that is cut off or of no use, too. */
  spent(inputTokens: number, outputTokens: number): void;
}

/** Longest answer that is read, in characters: far more than the longest text that can be asked for. */
const mostCharacters = 120_000;
const transientStatuses = [408, 409, 425, 429];

/** Asks a model and reads its answer as it comes. */
export class ChatStream {
  private client: Promise<OpenAI> | null = null;

  constructor(private readonly server: ChatServer) {}

  /**
   * @returns all of the text.
   * @throws GeneratorError, or the reason of the signal.
   */
  async ask(
    model: string,
    messages: readonly ChatMessage[],
    signal: AbortSignal,
    listener: ChatListener,
  ): Promise<string> {
    const silence = new AbortController();
    const late = AbortSignal.timeout(this.server.timeoutMs);
    let timer: NodeJS.Timeout | undefined;
    const listen = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), this.server.silenceMs);
    };
    listen();
    try {
      return await this.read(model, messages, AbortSignal.any([signal, silence.signal, late]), {
        heard: (text) => {
          listen();
          listener.heard(text);
        },
        spent: (input, output) => listener.spent(input, output),
      });
    } catch (error) {
      signal.throwIfAborted();
      if (silence.signal.aborted) throw new GeneratorError('The model fell silent.', true);
      if (late.aborted) throw new GeneratorError('The model took too long.', true);
      throw this.asGeneratorError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  private async read(
    model: string,
    messages: readonly ChatMessage[],
    signal: AbortSignal,
    listener: ChatListener,
  ): Promise<string> {
    this.client ??= clientOf(this.server);
    const stream = await (
      await this.client
    ).chat.completions.create(
      { model, messages: [...messages], stream: true, stream_options: { include_usage: true } },
      { signal },
    );
    const answer: Answer = { text: '', end: null, usage: null };
    try {
      for await (const chunk of stream) {
        take(chunk, answer);
        listener.heard(answer.text);
        if (answer.text.length > mostCharacters) throw new GeneratorError('The answer has no end.', true);
      }
    } finally {
      const asked = messages.reduce((sum, { content }) => sum + content.length, 0);
      // A server that does not count is reckoned with four characters a token.
      const input = wholeOr(answer.usage?.prompt_tokens, Math.ceil(asked / 4));
      listener.spent(input, wholeOr(answer.usage?.completion_tokens, Math.ceil(answer.text.length / 4)));
    }
    // The package ends quietly when it is aborted.
    signal.throwIfAborted();
    const { text, end } = answer;
    if (end === null) throw new GeneratorError('The answer was cut off.', true);
    if (end !== 'stop') throw new GeneratorError(`The model stopped before the end (${end.slice(0, 40)}).`, false);
    return text;
  }

  private asGeneratorError(error: unknown): GeneratorError {
    if (error instanceof GeneratorError) return error;
    const { status, headers } = (error ?? {}) as { readonly status?: number; readonly headers?: Headers };
    if (error instanceof Error && error.constructor.name.startsWith('APIConnection')) {
      return new GeneratorError('The server of the model cannot be reached.', true);
    }
    if (typeof status !== 'number') return new GeneratorError('The answer of the model cannot be read.', true);
    // What the server says of a refusal may repeat the key or the text: its status is enough.
    const transient = transientStatuses.includes(status) || status >= 500;
    const wait = retryAfterOf(headers?.get('retry-after') ?? null, Date.now());
    return new GeneratorError(`The server of the model answered with status ${status}.`, transient, wait);
  }
}

interface Answer {
  text: string;
  /** Why it ends; null: it does not yet. */
  end: string | null;
  usage: { readonly prompt_tokens: unknown; readonly completion_tokens: unknown } | null;
}

/** Adds a piece to an answer. What servers send is not always what the protocol says. */
function take(chunk: OpenAI.ChatCompletionChunk, answer: Answer): void {
  const [choice] = Array.isArray(chunk.choices) ? chunk.choices : [];
  const piece: unknown = choice?.delta?.content;
  if (typeof piece === 'string') answer.text += piece;
  answer.end = choice?.finish_reason || answer.end;
  answer.usage = chunk.usage ?? answer.usage;
}

/** Loaded when it is first needed: most installations never do, and the package is large. */
async function clientOf(server: ChatServer): Promise<OpenAI> {
  const { default: Client } = await import('openai');
  return new Client({
    baseURL: server.baseUrl,
    // The package insists on a key; servers without keys ignore it.
    apiKey: server.apiKey || 'none',
    maxRetries: 0,
    timeout: server.timeoutMs,
    // Its log would show what servers answer, and its environment variables are not ours.
    logLevel: 'off',
    organization: null,
    project: null,
  });
}

function wholeOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}

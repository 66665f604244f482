import { setTimeout as pause } from 'node:timers/promises';
import { SpanKind } from '@opentelemetry/api';
import type { TokenPrice } from '@longhaul/config';
import { Breaker, CircuitOpenError, type BreakerState } from '@longhaul/http';
import { inChildSpan } from '@longhaul/telemetry';
import { Logger } from '@nestjs/common';
import { countWords } from '../../text/words.js';
import { citedFirst, citeSources } from '../cite-sources.js';
import type { Usage } from '../usage.js';
import {
  GeneratorError,
  type ContentGenerator,
  type WritingTask,
  type WritingWatch,
  type WrittenText,
} from '../generator.js';
import { ChatStream, type ChatServer } from './chat-stream.js';
import { messagesFor } from './prompts.js';
import { readAnswer } from './read-answer.js';

export interface OpenAiSettings extends ChatServer {
  readonly name: string;
  /** Model by stage. */
  readonly models: { readonly draft: string; readonly refine: string };
  readonly prices: ReadonlyMap<string, TokenPrice>;
}

/** Tokens. */
interface Spent {
  input: number;
  output: number;
}

const mostTries = 3;
/** A server that asks for a longer pause is not waited for. */
const longestWaitMs = 30_000;
const failuresToOpen = 5;
const halfOpenAfterMs = 60_000;
/** Words between two reports of progress. */
const reportEvery = 20;

/** Has texts written by a model behind any server that speaks OpenAI's protocol. */
export class OpenAiGenerator implements ContentGenerator {
  readonly name: string;
  private readonly logger = new Logger(OpenAiGenerator.name);
  private readonly chat: ChatStream;
  private readonly breaker: Breaker;

  constructor(
    private readonly settings: OpenAiSettings,
    private readonly firstBackoffMs = 1_000,
  ) {
    this.name = settings.name;
    this.chat = new ChatStream(settings);
    const generator = this.name;
    this.breaker = new Breaker({
      ...{ failuresToOpen, halfOpenAfterMs },
      verdict: (error) => (!(error instanceof GeneratorError) ? 'nothing' : error.transient ? 'failed' : 'healthy'),
      onOpen: () => this.logger.warn({ msg: 'Circuit opened', generator }),
      onClosed: () => this.logger.log({ msg: 'Circuit closed', generator }),
    });
  }

  /** How its circuit breaker stands. */
  get circuit(): BreakerState {
    return this.breaker.stateOf(`${this.name} (${new URL(this.settings.baseUrl).host})`);
  }

  async write(task: WritingTask, watch: WritingWatch): Promise<WrittenText> {
    const model = this.settings.models[task.base === null ? 'draft' : 'refine'];
    const spent: Spent = { input: 0, output: 0 };
    for (let turn = 1; ; turn += 1) {
      watch.signal.throwIfAborted();
      try {
        return await this.guarded(() => this.traced(model, spent, () => this.writeOnce(model, task, watch, spent)));
      } catch (error) {
        const wait = error instanceof GeneratorError ? this.waitAfter(error, turn) : null;
        if (wait === null) throw this.withUsage(error, model, spent);
        watch.warn(`Asking ${this.name} again in ${Math.round(wait)} ms: ${(error as Error).message}`);
        await pause(wait, undefined, { signal: watch.signal }).catch(() => undefined);
      }
    }
  }

  private async writeOnce(model: string, given: WritingTask, watch: WritingWatch, spent: Spent): Promise<WrittenText> {
    const { item, base } = given;
    const task = { ...given, material: citedFirst(given.material, base?.current.sources ?? []) };
    let reported = 0;
    const answer = await this.chat.ask(model, messagesFor(task), watch.signal, {
      heard: (text) => {
        const words = countWords(text.slice(-400)) + Math.floor(Math.max(0, text.length - 400) / 6);
        if (words < reported + reportEvery) return;
        reported = words;
        watch.progress(words);
      },
      spent: (input, output) => {
        spent.input += input;
        spent.output += output;
      },
    });
    const { title, body } = readAnswer(answer, item.brief.targetLength, base?.current.title ?? null);
    const asked = base?.instructions === null ? 'what quality complained about' : 'the instructions';
    return {
      title,
      ...citeSources(body, task.material, item.language),
      changes: base === null ? `Written by ${model}.` : `Revised by ${model} after ${asked}.`,
      use: { provider: this.name, model, ...this.usageOf(model, spent) },
    };
  }

  /** One call as a span, with the names of OpenTelemetry's conventions for generative AI. */
  private traced<T>(model: string, spent: Spent, call: () => Promise<T>): Promise<T> {
    const before = { ...spent };
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': this.name,
      'gen_ai.request.model': model,
    };
    return inChildSpan(`chat ${model}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      try {
        return await call();
      } finally {
        span.setAttribute('gen_ai.usage.input_tokens', spent.input - before.input);
        span.setAttribute('gen_ai.usage.output_tokens', spent.output - before.output);
      }
    });
  }

  private withUsage(error: unknown, model: string, spent: Spent): unknown {
    if (!(error instanceof GeneratorError)) return error;
    return new GeneratorError(error.message, error.transient, error.retryAfter, this.usageOf(model, spent));
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.breaker.execute(work);
    } catch (error) {
      if (!(error instanceof CircuitOpenError)) throw error;
      const message = `${this.name} failed too often in a row; it is left alone for a while.`;
      throw new GeneratorError(message, true, error.retryAfter);
    }
  }

  /** Milliseconds to the next try, or null if there should be none. */
  private waitAfter(error: GeneratorError, turn: number): number | null {
    if (!error.transient || turn >= mostTries || this.breaker.state === 'open') return null;
    const backoff = this.firstBackoffMs * 2 ** (turn - 1) * (0.5 + Math.random());
    const wait = Math.max(error.retryAfter ?? 0, backoff);
    return wait <= longestWaitMs ? wait : null;
  }

  private usageOf(model: string, { input, output }: Spent): Usage {
    const price = this.settings.prices.get(model);
    const cost = price && Number(((input * price.input + output * price.output) / 1_000_000).toFixed(6));
    return { input_tokens: input, output_tokens: output, cost: cost ?? (input + output === 0 ? 0 : null) };
  }
}

import { CONFIG, type Config } from '@longhaul/config';
import { BreakerBoard } from '@longhaul/http';
import { Inject, Injectable } from '@nestjs/common';
import { ExtractiveGenerator } from './extractive/extractive.generator.js';
import {
  GeneratorError,
  type ContentGenerator,
  type WritingTask,
  type WritingWatch,
  type WrittenText,
} from './generator.js';
import { OpenAiGenerator } from './openai/openai.generator.js';
import { sumOfUsage } from './usage.js';

/** The configured generators in their order: when one fails, the next one does it. */
@Injectable()
export class Generators {
  private readonly inOrder: readonly ContentGenerator[];

  constructor(@Inject(CONFIG) config: Config, board: BreakerBoard) {
    this.inOrder = config.GENERATORS.map((name) => generatorOf(name, config));
    const asked = this.inOrder.filter((generator) => generator instanceof OpenAiGenerator);
    board.add(() => asked.map(({ circuit }) => circuit));
  }

  /** @throws GeneratorError, transient if one of the generators may work later; or the reason of the watch's signal. */
  async write(task: WritingTask, watch: WritingWatch): Promise<WrittenText> {
    const errors: GeneratorError[] = [];
    for (const generator of this.inOrder) {
      try {
        const text = await generator.write(task, watch);
        return { ...text, use: { ...text.use, ...sumOfUsage(text.use, ...errors.map(({ usage }) => usage)) } };
      } catch (error) {
        if (!(error instanceof GeneratorError)) throw error;
        watch.warn(`${generator.name}: ${error.message}`, { generator: generator.name });
        errors.push(error);
      }
    }
    const waits = errors.filter(({ transient }) => transient).map(({ retryAfter }) => retryAfter ?? 0);
    const message = `No generator gave a text. ${errors.at(-1)?.message ?? ''}`;
    const usage = sumOfUsage(...errors.map((error) => error.usage));
    throw new GeneratorError(message, waits.length > 0, waits.length > 0 ? Math.min(...waits) : null, usage);
  }
}

function generatorOf(name: string, config: Config): ContentGenerator {
  const limits = {
    name,
    timeoutMs: config.OPENAI_TIMEOUT_SECONDS * 1000,
    silenceMs: config.OPENAI_SILENCE_SECONDS * 1000,
    prices: config.OPENAI_PRICES,
  };
  switch (name) {
    case 'openai': {
      const { OPENAI_MODEL_DRAFT: draft, OPENAI_MODEL_REFINE: refine } = config;
      const models = { draft, refine: refine || draft };
      return new OpenAiGenerator({ ...limits, models, baseUrl: config.OPENAI_BASE_URL, apiKey: config.OPENAI_API_KEY });
    }
    case 'openai_backup': {
      const { OPENAI_BACKUP_MODEL_DRAFT: draft, OPENAI_BACKUP_MODEL_REFINE: refine } = config;
      const models = { draft, refine: refine || draft };
      const server = { baseUrl: config.OPENAI_BACKUP_BASE_URL, apiKey: config.OPENAI_BACKUP_API_KEY };
      return new OpenAiGenerator({ ...limits, models, ...server });
    }
    case 'extractive':
      return new ExtractiveGenerator();
    default:
      throw new Error(`GENERATORS names an unknown generator: ${name}`);
  }
}

import type { Type } from '@nestjs/common';
import { ContentWorkerModule } from '@longhaul/content/worker';
import { HttpModule } from '@longhaul/http';
import type { JobProcessor } from '@longhaul/jobs/worker';
import { ContentEvaluationProcessor } from './content_evaluation/content_evaluation.processor.js';
import { ContentGenerationProcessor } from './content_generation/content_generation.processor.js';
import { ContentRevisionProcessor } from './content_revision/content_revision.processor.js';
import type { KindName } from './index.js';
import { SimulationProcessor } from './simulation/simulation.processor.js';
import { WebScrapeProcessor } from './web_scrape/web_scrape.processor.js';

/** The handler of each kind, for the worker; a kind without a line here does not compile. */
export const processors = {
  web_scrape: WebScrapeProcessor,
  simulation: SimulationProcessor,
  content_generation: ContentGenerationProcessor,
  content_revision: ContentRevisionProcessor,
  content_evaluation: ContentEvaluationProcessor,
} satisfies Record<KindName, Type<JobProcessor>>;

/** Modules whose providers the processors inject. */
export const processorImports = [HttpModule, ContentWorkerModule];

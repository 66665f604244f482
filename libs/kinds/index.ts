import type { KindDefinition } from '@longhaul/jobs';
import { contentEvaluation } from './content_evaluation/content_evaluation.definition.js';
import { contentGeneration } from './content_generation/content_generation.definition.js';
import { contentRevision } from './content_revision/content_revision.definition.js';
import { simulation } from './simulation/simulation.definition.js';
import { webScrape } from './web_scrape/web_scrape.definition.js';

/** All kinds, for the api and the worker. A new kind is one line here and one in processors.ts. */
export const kinds = {
  web_scrape: webScrape,
  simulation,
  content_generation: contentGeneration,
  content_revision: contentRevision,
  content_evaluation: contentEvaluation,
} as const satisfies Record<string, KindDefinition>;

export type KindName = keyof typeof kinds;

export const definitions: readonly KindDefinition[] = Object.values(kinds);

import { ContentPipelines, type PipelineResult, type PipelineState } from '@longhaul/content/worker';
import { JobProcessor, slotOptions, type JobContext } from '@longhaul/jobs/worker';
import { Processor } from '@nestjs/bullmq';
import { contentGeneration } from './content_generation.definition.js';
import type { ContentGenerationInput } from './content_generation.dto.js';

@Processor('content_generation', slotOptions)
export class ContentGenerationProcessor extends JobProcessor<ContentGenerationInput, PipelineResult, PipelineState> {
  override readonly kind = contentGeneration;

  constructor(private readonly pipelines: ContentPipelines) {
    super();
  }

  override handle(context: JobContext<ContentGenerationInput, PipelineState>): Promise<PipelineResult> {
    const { input } = context;
    const brief = {
      primaryKeyword: input.primary_keyword ?? null,
      targetAudience: input.target_audience ?? null,
      style: input.style ?? null,
      tone: input.tone ?? null,
      targetLength: input.target_length,
      qualityThreshold: input.quality_threshold,
      maxRefinements: input.max_refinements,
    };
    const { topic, format, language, tags, sources } = input;
    return this.pipelines.generate(context, { topic, format, language, tags, brief }, sources);
  }
}

import { ContentPipelines, type PipelineResult, type PipelineState } from '@longhaul/content/worker';
import { JobProcessor, slotOptions, type JobContext } from '@longhaul/jobs/worker';
import { Processor } from '@nestjs/bullmq';
import { contentEvaluation } from './content_evaluation.definition.js';
import type { ContentEvaluationInput } from './content_evaluation.dto.js';

@Processor('content_evaluation', slotOptions)
export class ContentEvaluationProcessor extends JobProcessor<ContentEvaluationInput, PipelineResult, PipelineState> {
  override readonly kind = contentEvaluation;

  constructor(private readonly pipelines: ContentPipelines) {
    super();
  }

  override handle(context: JobContext<ContentEvaluationInput, PipelineState>): Promise<PipelineResult> {
    const { content_id: contentId, version } = context.input;
    return this.pipelines.evaluate(context, { contentId, version });
  }
}

import { ContentPipelines, type PipelineResult, type PipelineState } from '@longhaul/content/worker';
import { JobProcessor, slotOptions, type JobContext } from '@longhaul/jobs/worker';
import { Processor } from '@nestjs/bullmq';
import { contentRevision } from './content_revision.definition.js';
import type { ContentRevisionInput } from './content_revision.dto.js';

@Processor('content_revision', slotOptions)
export class ContentRevisionProcessor extends JobProcessor<ContentRevisionInput, PipelineResult, PipelineState> {
  override readonly kind = contentRevision;

  constructor(private readonly pipelines: ContentPipelines) {
    super();
  }

  override handle(context: JobContext<ContentRevisionInput, PipelineState>): Promise<PipelineResult> {
    const { content_id: contentId, version, instructions } = context.input;
    return this.pipelines.revise(context, { contentId, version, instructions });
  }
}

import { setImmediate } from 'node:timers/promises';
import { Processor } from '@nestjs/bullmq';
import { JobProcessor, slotOptions, type JobContext } from '@longhaul/jobs/worker';
import { progress } from './progress.definition.js';
import type { ProgressInput } from './progress.dto.js';

@Processor('progress', slotOptions)
export class ProgressProcessor extends JobProcessor<ProgressInput, object> {
  override readonly kind = progress;

  override async handle(context: JobContext<ProgressInput>): Promise<object> {
    const { calls } = context.input;
    for (let call = 1; call <= calls; call += 1) {
      context.progress({ current: call, total: calls, message: `Step ${call}` });
      // As work between two reports would, this lets the event loop turn.
      await setImmediate();
    }
    return {};
  }
}

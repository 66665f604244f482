import { Processor } from '@nestjs/bullmq';
import { JobProcessor, RetryableError, slotOptions, type JobContext } from '@longhaul/jobs/worker';
import { flaky } from './flaky.definition.js';
import type { FlakyInput } from './flaky.dto.js';

@Processor('flaky', slotOptions)
export class FlakyProcessor extends JobProcessor<FlakyInput, object> {
  override readonly kind = flaky;

  override handle({ input, attempt }: JobContext<FlakyInput>): Promise<object> {
    if (attempt > input.failures) return Promise.resolve({});
    return Promise.reject(new RetryableError('asked_to_fail', `Attempt ${attempt} failed, as asked for.`));
  }
}

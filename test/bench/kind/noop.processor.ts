import { Processor } from '@nestjs/bullmq';
import { JobProcessor, slotOptions } from '@longhaul/jobs/worker';
import { noop } from './noop.definition.js';
import type { NoopInput } from './noop.dto.js';

@Processor('noop', slotOptions)
export class NoopProcessor extends JobProcessor<NoopInput, object> {
  override readonly kind = noop;

  override handle(): Promise<object> {
    return Promise.resolve({});
  }
}

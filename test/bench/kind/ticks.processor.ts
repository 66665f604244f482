import { setTimeout as pause } from 'node:timers/promises';
import { Processor } from '@nestjs/bullmq';
import { JobProcessor, slotOptions, type JobContext } from '@longhaul/jobs/worker';
import { ticks } from './ticks.definition.js';
import type { TicksInput } from './ticks.dto.js';

@Processor('ticks', slotOptions)
export class TicksProcessor extends JobProcessor<TicksInput, object> {
  override readonly kind = ticks;

  override async handle(context: JobContext<TicksInput>): Promise<object> {
    const { input, signal } = context;
    await pause(input.wait_ms, undefined, { signal });
    const from = performance.now();
    for (let tick = 1; tick <= input.ticks; tick += 1) {
      await pause(Math.max(0, from + tick * input.interval_ms - performance.now()), undefined, { signal });
      context.log('info', `Tick ${tick}`);
    }
    // The end is an event of its own: a line that was just logged would be written together with it.
    await pause(input.interval_ms, undefined, { signal });
    return {};
  }
}

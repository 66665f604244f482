import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Processor } from '@nestjs/bullmq';
import { JobProcessor, PermanentError, RetryableError, slotOptions, type JobContext } from '@longhaul/jobs/worker';
import type { EffectRequest } from '../watch/effect.js';
import { faultSteps } from './fault-steps.definition.js';
import type { FaultStepsInput } from './fault-steps.dto.js';
import { blockEventLoop, poison } from './harm.js';

/** Steps that are done. */
interface Done {
  readonly done: number;
}
type Context = JobContext<FaultStepsInput, Done>;

/** A pid alone may be given to another process later. */
const thisProcess = randomUUID();
/** How long a call to the sink may take, and the wait before it is repeated, in milliseconds. */
const sinkPatienceMs = 10_000;
const sinkPauseMs = 100;

@Processor('fault_steps', slotOptions)
export class FaultStepsProcessor extends JobProcessor<FaultStepsInput, object, Done> {
  override readonly kind = faultSteps;

  override async handle(context: Context): Promise<object> {
    const { input, restored, attempt, fence, signal } = context;
    if (fence === 1) blockEventLoop(input.block_ms);
    poison(input.poison);
    if (input.blind) await goBlindly(context);
    const from = input.blind ? input.steps : (restored?.done ?? 0);
    for (let step = from + 1; step <= input.steps; step += 1) {
      signal.throwIfAborted();
      if (input.effects) await haveEffect(context, step);
      await pause(input.step_ms, undefined, { signal });
      context.progress({ current: step, total: input.steps });
      await context.checkpoint({ done: step });
      failIfAsked(context);
    }
    if (input.steps === from) failIfAsked(context);
    return { steps: input.steps, resumed_at: from, attempt, fence };
  }
}

async function goBlindly(context: Context): Promise<void> {
  const { steps, step_ms: stepMs } = context.input;
  for (let step = 1; step <= steps; step += 1) {
    await pause(stepMs);
    context.progress({ current: step, total: steps });
  }
}

function failIfAsked({ input, attempt }: Context): void {
  if (attempt > input.fail_attempts) return;
  throw new RetryableError('asked_to_fail', `Attempt ${attempt} failed, as asked for.`);
}

/**
 * The effect of one step, as docs/reliability.md asks of handlers: with a key that names the step, and with the fence.
 * An answer that was lost is asked for again: to the receiver that is a replay.
 */
async function haveEffect({ jobId, fence, attempt, signal }: Context, step: number): Promise<void> {
  const body: EffectRequest = { taskId: jobId, step, fence, attempt, pid: process.pid, process: thisProcess };
  for (;;) {
    signal.throwIfAborted();
    const answer = await fetch(process.env.FAULTS_SINK_URL ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `${jobId}:${step}` },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(sinkPatienceMs)]),
    }).catch(() => null);
    if (answer?.status === 200) return;
    if (answer?.status === 409) throw new PermanentError('stale_effect', 'A newer attempt has had effects already.');
    await pause(sinkPauseMs, undefined, { signal });
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { Processor } from '@nestjs/bullmq';
import { CpuPool, JobProcessor, RetryableError, slotOptions, type JobContext } from '@longhaul/jobs/worker';
import { simulation } from './simulation.definition.js';
import type { SimulationInput } from './simulation.dto.js';

/** Steps that earlier attempts have finished. */
export interface SimulationCheckpoint {
  readonly done: number;
}

export interface SimulationResult {
  readonly steps: number;
  readonly resumed_at: number;
  readonly attempt: number;
  readonly cpu: boolean;
  readonly padding: string;
}

/** Between two checkpoints at most this much work is lost. */
const checkpointEveryMs = 1_000;

@Processor('simulation', slotOptions)
export class SimulationProcessor extends JobProcessor<SimulationInput, SimulationResult, SimulationCheckpoint> {
  override readonly kind = simulation;

  constructor(private readonly cpuPool: CpuPool) {
    super();
  }

  override async handle(context: JobContext<SimulationInput, SimulationCheckpoint>): Promise<SimulationResult> {
    const { input, restored, attempt } = context;
    const resumedAt = restored?.done ?? 0;
    context.log('info', resumedAt > 0 ? `Going on after step ${resumedAt}` : 'Simulation started');
    await this.runSteps(context, resumedAt, failingStep(input, resumedAt));
    context.log('info', 'Simulation finished');
    return {
      steps: input.steps,
      resumed_at: resumedAt,
      attempt,
      cpu: input.cpu,
      padding: 'x'.repeat(input.result_size),
    };
  }

  private async runSteps(
    context: JobContext<SimulationInput, SimulationCheckpoint>,
    resumedAt: number,
    failAt: number | null,
  ): Promise<void> {
    const { input, signal } = context;
    const stepMs = (input.duration * 1000) / input.steps;
    let savedAt = performance.now();
    for (let step = resumedAt + 1; step <= input.steps; step += 1) {
      signal.throwIfAborted();
      if (step === failAt) throw new RetryableError('simulated_failure', `Failed at step ${step}, as asked for.`);
      await this.runStep(input.cpu, stepMs, signal);
      context.progress({ current: step, total: input.steps, message: `Step ${step} of ${input.steps}` });
      if (performance.now() - savedAt >= checkpointEveryMs && step < input.steps) {
        await context.checkpoint({ done: step });
        savedAt = performance.now();
      }
    }
  }

  private async runStep(cpu: boolean, stepMs: number, signal: AbortSignal): Promise<void> {
    if (cpu) await this.cpuPool.run(new URL('./burn-cpu.js', import.meta.url), { ms: stepMs }, signal);
    else if (stepMs > 0) await pause(stepMs, undefined, { signal });
  }
}

/** The step at which this attempt fails, or null. */
function failingStep(input: SimulationInput, resumedAt: number): number | null {
  if (Math.random() >= input.fail_probability) return null;
  return resumedAt + 1 + Math.floor(Math.random() * (input.steps - resumedAt));
}

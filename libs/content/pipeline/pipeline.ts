import { setImmediate as turn } from 'node:timers/promises';
import type { JobContext } from '@longhaul/jobs/worker';
import { inChildSpan } from '@longhaul/telemetry';
import type { ContentBrief } from '../content-item.entity.js';
import type { ItemBrief } from '../generators/generator.js';
import { noUsage, sumOfUsage, type Usage } from '../generators/usage.js';

export interface StageRecord {
  readonly name: string;
  /** Of the attempt that finished the stage. */
  readonly duration_ms: number;
  /** What generators have used, over all attempts; of a stage in which one was asked. */
  readonly usage?: Usage;
}

/** Where a pipeline stands: small, since texts are stored as material and versions. */
export interface PipelineState {
  /** The stages that are done, in order. */
  readonly stages: readonly StageRecord[];
  /** Number of the newest version that this task has made; null: none yet. */
  readonly version: number | null;
  /** The version with the best verdict so far. */
  readonly best: { readonly number: number; readonly score: number } | null;
  readonly refinements: number;
  /** What generators have used, over all stages and attempts. */
  readonly usage: Usage;
  /** What of it the stage that is not done yet has used; null: nothing was asked. */
  readonly stageUsage: Usage | null;
}

export const atTheStart: PipelineState = {
  stages: [],
  version: null,
  best: null,
  refinements: 0,
  usage: noUsage,
  stageUsage: null,
};

type Context = JobContext<object, PipelineState>;

/** One run of a pipeline: what an attempt works with. */
export class PipelineRun {
  private current: PipelineState;
  private place = { current: 0, total: 0 };

  constructor(
    readonly context: Context,
    readonly itemId: string,
    readonly item: ItemBrief & { readonly brief: ContentBrief },
  ) {
    this.current = context.restored ?? atTheStart;
  }

  get state(): PipelineState {
    return this.current;
  }

  /** The newest version of this task. @throws Error before there is one: the stages are in a wrong order. */
  get version(): number {
    const { version } = this.current;
    if (version === null) throw new Error('There is no version yet.');
    return version;
  }

  /** Says in which stage the run is: so many are done, out of so many. */
  enter(current: number, total: number, message: string): void {
    this.place = { current, total };
    this.report(message);
  }

  /** Says what the stage is doing. */
  report(message: string): void {
    this.context.progress({ ...this.place, message });
  }

  /** Makes the state durable: an attempt that takes over goes on from here. */
  async save(change: Partial<PipelineState>): Promise<void> {
    this.context.signal.throwIfAborted();
    this.current = { ...this.current, ...change };
    await this.context.checkpoint(this.current);
  }

  /** What changes of the state with one more use. */
  with(use: Usage): Pick<PipelineState, 'usage' | 'stageUsage'> {
    const { usage, stageUsage } = this.current;
    return { usage: sumOfUsage(usage, use), stageUsage: sumOfUsage(stageUsage ?? noUsage, use) };
  }
}

/** A step of a pipeline. It may run again for the same task, and then does again what it did, or finds it done. */
export interface Stage {
  readonly name: string;
  run(run: PipelineRun): Promise<void>;
}

/**
 * Does the stages that are not done yet, in order; each ends with a checkpoint, a line in the log, and its duration.
 * @throws the reason of the context's signal, between stages and within them, or whatever a stage throws.
 */
export async function runStages(stages: readonly Stage[], run: PipelineRun): Promise<void> {
  const { context } = run;
  const done = run.state.stages.length;
  if (done > 0) context.log('info', `Going on with stage ${stages[done]?.name ?? 'none'}`);
  for (const [index, stage] of stages.entries()) {
    if (index < done) continue;
    context.signal.throwIfAborted();
    run.enter(index, stages.length, stage.name);
    const startedAt = performance.now();
    await inChildSpan(`stage ${stage.name}`, {}, () => stage.run(run));
    const duration = Math.round(performance.now() - startedAt);
    context.signal.throwIfAborted();
    // The checkpoint takes the line along: neither is there without the other.
    context.log('info', `Stage ${stage.name} done in ${duration} ms`, { stage: stage.name, duration_ms: duration });
    const { stages: before, stageUsage: usage } = run.state;
    const record = { name: stage.name, duration_ms: duration, ...(usage && { usage }) };
    await run.save({ stages: [...before, record], stageUsage: null });
    run.enter(index + 1, stages.length, stage.name);
    await turn();
  }
}

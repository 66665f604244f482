import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';

/** What a job of the harness does. */
export class FaultStepsInput {
  @IsInt()
  @Min(0)
  @Max(100_000)
  steps: number = 1;

  /** How long a step takes, in milliseconds. */
  @IsInt()
  @Min(0)
  @Max(600_000)
  step_ms: number = 20;

  /** Whether each step has an effect outside: a call to the effect sink. */
  @IsBoolean()
  effects: boolean = false;

  /** Reports its progress without looking at its signal, and stores no checkpoint: as careless as a handler can be. */
  @IsBoolean()
  blind: boolean = false;

  /** The first so many attempts fail, in a way that is retried. */
  @IsInt()
  @Min(0)
  @Max(100)
  fail_attempts: number = 0;

  /** The first run blocks its process's event loop for so long, in milliseconds, before its first step. */
  @IsInt()
  @Min(0)
  @Max(600_000)
  block_ms: number = 0;

  /** Every run ends its process: at once (`abort`), or by using up its memory (`memory`). */
  @IsIn(['', 'abort', 'memory'])
  poison: '' | 'abort' | 'memory' = '';
}

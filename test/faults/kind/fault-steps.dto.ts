import { IsBoolean, IsInt, Max, Min } from 'class-validator';

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

  /** The first so many attempts fail, in a way that is retried. */
  @IsInt()
  @Min(0)
  @Max(100)
  fail_attempts: number = 0;
}

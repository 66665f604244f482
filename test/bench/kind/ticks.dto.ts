import { IsInt, Max, Min } from 'class-validator';

export class TicksInput {
  /** How many lines it logs. */
  @IsInt()
  @Min(1)
  @Max(100_000)
  ticks: number = 1;

  /** From one line to the next, in milliseconds. */
  @IsInt()
  @Min(1)
  @Max(600_000)
  interval_ms: number = 1_000;

  /** Before the first line, in milliseconds. */
  @IsInt()
  @Min(0)
  @Max(600_000)
  wait_ms: number = 0;
}

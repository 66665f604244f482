import { IsBoolean, IsInt, IsNumber, Max, Min } from 'class-validator';

/** What a simulation does. */
export class SimulationInput {
  /** How long it runs, in whole seconds. */
  @IsInt()
  @Min(0)
  @Max(3600)
  duration: number = 5;

  /** Into how many equal steps it is cut; each reports progress. */
  @IsInt()
  @Min(1)
  @Max(10_000)
  steps: number = 10;

  /** Probability that an attempt fails at a random step; it is then retried. */
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(1)
  fail_probability: number = 0;

  /** Whether the steps burn CPU, in a thread of their own, instead of waiting. */
  @IsBoolean()
  cpu: boolean = false;

  /** Size of the padding in the result, in bytes. */
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  result_size: number = 0;
}

import { IsInt, Max, Min } from 'class-validator';

export class ProgressInput {
  /** How often it reports progress. */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  calls: number = 10_000;
}

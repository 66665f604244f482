import { IsInt, Max, Min } from 'class-validator';

export class FlakyInput {
  /** The first so many attempts fail. */
  @IsInt()
  @Min(0)
  @Max(10)
  failures: number = 1;
}

import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** A small input, checked as any other. */
export class NoopInput {
  @IsInt()
  @Min(0)
  @Max(2_000_000_000)
  n: number;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  note?: string;
}

import { IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';

export class CreateJobDto {
  @IsString()
  task_type: string;

  @IsInt()
  @Min(0)
  n: number;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  note?: string;
}

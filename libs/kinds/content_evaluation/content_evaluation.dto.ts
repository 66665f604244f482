import { IsInt, IsUUID, Max, Min } from 'class-validator';

/** Which version is to be judged. */
export class ContentEvaluationInput {
  /** The item, which is yours. */
  @IsUUID()
  content_id: string;

  /** One of its versions. */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  version: number;
}

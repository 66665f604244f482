import { IsInt, IsString, IsUUID, Max, MaxLength, Min, MinLength } from 'class-validator';

/** Which version is to be different, and how. */
export class ContentRevisionInput {
  /** The item, which is yours. */
  @IsUUID()
  content_id: string;

  /** Its newest version. */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  version: number;

  /**
   * What is to be different; a reason and a feedback of the greatest length fit together.
   * @example Say more about batteries, and make it shorter.
   */
  @IsString()
  @MinLength(10)
  @MaxLength(4000)
  instructions: string;
}

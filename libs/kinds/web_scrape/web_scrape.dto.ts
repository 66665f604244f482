import { IsBoolean, IsInt, IsString, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';

/** What is fetched, and how far links are followed. */
export class WebScrapeInput {
  /**
   * Where to begin: an http or https URL of a public host, without user name and password.
   * @example https://example.com
   */
  @IsString()
  @MaxLength(2048)
  @Matches(/^https?:\/\//i, { message: 'url must begin with http:// or https://' })
  url: string;

  /** Whether the links of a page are fetched too. */
  @IsBoolean()
  follow_links: boolean = false;

  /** Most pages to fetch, failed ones included. Left out: 20 with `follow_links`, otherwise 1. */
  @ValidateIf((_input, value) => value !== undefined)
  @IsInt()
  @Min(1)
  @Max(200)
  max_pages?: number;

  /** Whether only links to the host of the first page are followed. */
  @IsBoolean()
  same_host: boolean = true;

  /** How many links away from the first page a page may be. */
  @IsInt()
  @Min(0)
  @Max(10)
  max_depth: number = 3;
}

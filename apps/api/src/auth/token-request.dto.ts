import { IsIn, IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';

const wantsRefresh = (request: TokenRequestDto) => request.grant_type === 'refresh_token';

/** What `POST /auth/token` takes, as form or JSON. */
export class TokenRequestDto {
  /**
   * How to prove who you are.
   * @example password
   */
  @IsIn(['password', 'refresh_token'])
  grant_type?: 'password' | 'refresh_token' = 'password';

  /**
   * With the password grant; capitals do not matter.
   * @example admin
   */
  @ValidateIf((request: TokenRequestDto) => !wantsRefresh(request))
  @IsString()
  @MaxLength(128)
  username?: string;

  /** With the password grant. */
  @ValidateIf((request: TokenRequestDto) => !wantsRefresh(request))
  @IsString()
  @MaxLength(128)
  password?: string;

  /** With the refresh_token grant: the last one received. Each is good for one use. */
  @ValidateIf(wantsRefresh)
  @IsString()
  @MaxLength(128)
  refresh_token?: string;

  /** Ignored; OAuth clients send it. */
  @IsOptional()
  @IsString()
  scope?: string;

  /** Ignored; OAuth clients send it. */
  @IsOptional()
  @IsString()
  client_id?: string;

  /** Ignored; OAuth clients send it. */
  @IsOptional()
  @IsString()
  client_secret?: string;
}

import { IsString, MaxLength } from 'class-validator';

/** What `POST /auth/logout` takes. */
export class LogoutRequestDto {
  /** Any refresh token of the session to end. */
  @IsString()
  @MaxLength(128)
  refresh_token: string;
}

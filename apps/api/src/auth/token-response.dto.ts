/** Tokens of one sign-in or refresh. */
export class TokenResponseDto {
  /** JWT for the Authorization header. */
  access_token: string;

  token_type: 'Bearer';

  /**
   * Life of the access token, in seconds.
   * @example 900
   */
  expires_in: number;

  /** Good for one `refresh_token` grant, which gives the next one. Its second use ends the whole session. */
  refresh_token: string;

  /**
   * Life of the refresh token, in seconds.
   * @example 1209600
   */
  refresh_expires_in: number;
}

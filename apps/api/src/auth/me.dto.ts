/** Who the token speaks for. */
export class MeDto {
  /** Id of the caller; the `owner_id` of its tasks. */
  subject: string;

  /** @example admin */
  username: string;

  roles: ('user' | 'editor' | 'admin')[];

  /**
   * `local` for the built-in issuer, else the issuer of the OpenID Connect provider.
   * @example local
   */
  issuer: string;

  /**
   * When the access token expires.
   * @example 2026-01-31T12:00:00.000Z
   */
  expires_at: string;
}

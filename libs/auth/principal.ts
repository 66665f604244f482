/** Roles, weakest first: own tasks; reviews and publishes content; everything. */
export const ROLES = ['user', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is calling, as an accepted token (or stream ticket) says. It stands on `request.user`. */
export interface Principal {
  /** Stable id of the caller; the `owner_id` of what it makes. */
  readonly subject: string;
  /** For people to read; never compare by it. */
  readonly username: string;
  /** Never empty: whoever holds a valid token is at least a `user`. */
  readonly roles: readonly Role[];
  /** `local` for the built-in issuer, else the issuer of the OpenID Connect provider. */
  readonly issuer: string;
  /** After this moment nothing may be done in the caller's name any more, running streams included. */
  readonly expiresAt: Date;
}

/** {@link Principal.issuer} of users in our own database. */
export const LOCAL_ISSUER = 'local';

/**
 * The roles we know among what a token or row names; exact match only, so "Admin " is none.
 * @returns `['user']` when nothing is known.
 */
export function knownRoles(names: unknown): Role[] {
  const given: unknown[] = Array.isArray(names) ? names : [names];
  const known = ROLES.filter((role) => given.includes(role));
  return known.length > 0 ? known : ['user'];
}

import type { Config } from '@longhaul/config';
import { expiryOf } from './key-provider.js';
import { knownRoles, type Principal } from './principal.js';

type Claims = Record<string, unknown>;
type ClaimNames = Pick<Config, 'OIDC_ISSUER' | 'OIDC_ROLES_CLAIM' | 'OIDC_SUBJECT_CLAIM'>;

/** Claims that mark an ID token, and `cnf`: a token bound to a key is worthless without proof of that key. */
const refusedClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'cnf'];

/**
 * The caller whom a verified token of the OpenID Connect provider names.
 * @returns null when it is no access token, never expires, or names nobody.
 */
export function principalOfClaims(claims: Claims, config: ClaimNames): Principal | null {
  const expiresAt = expiryOf(claims);
  const subject = readableText(claimAt(claims, config.OIDC_SUBJECT_CLAIM));
  if (expiresAt === undefined || subject === undefined || !isAccessToken(claims)) return null;
  return {
    subject,
    username: readableText(claims['preferred_username']) ?? readableText(claims['email']) ?? subject,
    roles: knownRoles(claimAt(claims, config.OIDC_ROLES_CLAIM)),
    issuer: config.OIDC_ISSUER,
    expiresAt,
  };
}

function isAccessToken(claims: Claims): boolean {
  // Keycloak names the type inside: "Bearer", "ID", "Refresh", "Offline", "Logout".
  const inside = claims['typ'];
  return refusedClaims.every((name) => !(name in claims)) && (inside === undefined || inside === 'Bearer');
}

/** A claim by its own name (Auth0's are URLs, with dots), else by a dotted path into objects. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Claims)[name];
  }
  return value;
}

/** 1 to 255 characters without control characters, which the database and logs cannot take. */
function readableText(value: unknown): string | undefined {
  return typeof value === 'string' && /^[^\p{Cc}\p{Cs}]{1,255}$/u.test(value) ? value : undefined;
}

/** Stands in the built page where the nonce of each answer goes; apps/console/vite.config.ts names it, too. */
export const noncePlace = /__CSP_NONCE__/g;

/**
 * The page's policy: scripts of ours alone, no inline code, and styles that the page makes itself by their nonce. Calls go to
 * the api, and to the origins of an OpenID Connect provider where people sign in at one.
 */
export function consolePolicy(nonce: string, providerOrigins: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    `connect-src ${["'self'", ...providerOrigins].join(' ')}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

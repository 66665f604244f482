import type { Config } from '@longhaul/config';

/** Stands in the built page where the nonce of each answer goes; apps/console/vite.config.ts names it, too. */
export const noncePlace = /__CSP_NONCE__/g;

/**
 * The page's policy: scripts of ours alone, no inline code, and styles that the page makes itself by their nonce. Calls go to
 * the api, and to the OpenID Connect provider where there is one.
 */
export function consolePolicy({ OIDC_ISSUER }: Pick<Config, 'OIDC_ISSUER'>): (nonce: string) => string {
  const provider = OIDC_ISSUER === '' ? '' : ` ${new URL(OIDC_ISSUER).origin}`;
  return (nonce) =>
    [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      `connect-src 'self'${provider}`,
      "img-src 'self' data:",
      "font-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; ');
}

import type { Config } from '@longhaul/config';

const name = 'longhaul_session';
const pattern = new RegExp(`(?:^|;) *${name}=([\\w-]{1,128}) *(?:;|$)`);

/** Below the public address: no other call gets the cookie. */
const path = '/console/session';

/** The refresh token that a request's cookies carry. */
export function refreshTokenOf(cookies: string | undefined): string | undefined {
  return pattern.exec(cookies ?? '')?.[1];
}

/** Value of Set-Cookie. @param maxAge seconds that the token lives. */
export function sessionCookie(config: Config, refreshToken: string, maxAge: number): string {
  const base = new URL(config.PUBLIC_URL);
  return [
    `${name}=${refreshToken}`,
    `Path=${base.pathname.replace(/\/$/, '')}${path}`,
    `Max-Age=${maxAge}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(base.protocol === 'https:' ? ['Secure'] : []),
  ].join('; ');
}

/** Value of Set-Cookie that makes a browser forget it. */
export function noSessionCookie(config: Config): string {
  return sessionCookie(config, '', 0);
}

import type { Config } from '@longhaul/config';

const name = 'longhaul_session';
const pattern = new RegExp(`(?:^|;) *${name}=([\\w-]{1,128}) *(?:;|$)`);

/** No other call gets the cookie. The console is at the root of its host, also where PUBLIC_URL has a path. */
const path = '/console/session';

/** The refresh token that a request's cookies carry. */
export function refreshTokenOf(cookies: string | undefined): string | undefined {
  return pattern.exec(cookies ?? '')?.[1];
}

/** Value of Set-Cookie. @param maxAge seconds that the token lives. */
export function sessionCookie(config: Config, refreshToken: string, maxAge: number): string {
  const { protocol } = new URL(config.PUBLIC_URL);
  return [
    `${name}=${refreshToken}`,
    `Path=${path}`,
    `Max-Age=${maxAge}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(protocol === 'https:' ? ['Secure'] : []),
  ].join('; ');
}

/** Value of Set-Cookie that makes a browser forget it. */
export function noSessionCookie(config: Config): string {
  return sessionCookie(config, '', 0);
}

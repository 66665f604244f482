import { consoleConfig } from './console-config.js';
import { LocalIssuer } from './local-issuer.js';
import type { OidcIssuer } from './oidc-issuer.js';
import { session } from './session.js';

/** How people sign in here. */
export type SignInWay =
  | { readonly kind: 'local'; readonly issuer: LocalIssuer }
  | { readonly kind: 'oidc'; readonly issuer: OidcIssuer; readonly host: string }
  /** There is a provider, at which the console has no client. */
  | { readonly kind: 'none'; readonly issuer: null };

let way: SignInWay | null = null;

/** Known once the session has started. */
export function signInWay(): SignInWay | null {
  return way;
}

/** Finds out how people sign in, and goes on with the session that there is. */
export async function startSession(): Promise<void> {
  try {
    way = await findWay();
    await session.start(way.issuer);
  } catch (error) {
    session.fail(error);
  }
}

async function findWay(): Promise<SignInWay> {
  const { issuer, oidc } = await consoleConfig();
  if (issuer === 'local') return { kind: 'local', issuer: new LocalIssuer() };
  if (oidc === undefined) return { kind: 'none', issuer: null };
  const { OidcIssuer } = await import('./oidc-issuer.js');
  return { kind: 'oidc', issuer: new OidcIssuer(oidc), host: new URL(oidc.authority).host };
}

import type { KeyObject } from 'node:crypto';
import type { SecretOrKeyProvider } from 'passport-jwt';
import { KeysUnavailable, TokenRefused } from './auth-errors.js';
import { readUnverified, type UnverifiedToken } from './bearer-token.js';

/**
 * Fits a function that finds a token's key to what passport-jwt calls.
 * @param find throws {@link TokenRefused} when the token is not for this strategy; anything else it throws means that
 * the keys cannot be had now.
 */
export function keyProvider(find: (token: UnverifiedToken) => Promise<KeyObject>): SecretOrKeyProvider {
  return (_request, token: string, done) => {
    const found = Promise.resolve().then(() => find(readUnverified(token)));
    void found.then(
      (key) => done(null, key as unknown as Buffer),
      (error: unknown) =>
        done(error instanceof TokenRefused ? error : new KeysUnavailable('no keys', { cause: error })),
    );
  };
}

/** `exp` as a date. A token without one would be good for ever. */
export function expiryOf(payload: { readonly exp?: unknown }): Date | undefined {
  if (typeof payload.exp !== 'number') return undefined;
  const expiry = new Date(payload.exp * 1000);
  return Number.isNaN(expiry.getTime()) ? undefined : expiry;
}

import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from './principal.js';

/** How long a signature that was checked is not checked again. */
const rememberedMs = 60_000;
/** Tokens of more callers than this are checked anew each time some of them come round. */
const mostTokens = 10_000;

/** Whom a token names now, by whatever may have changed since its signature was checked; null: nobody any more. */
export type Recheck = () => Promise<Principal | null>;

/**
 * Access tokens whose signature, issuer, audience and claims were right a moment ago, so that a caller's next request
 * costs no signature check. Only what cannot change is remembered: key and user are asked for again each time.
 */
@Injectable()
export class VerifiedTokens {
  private readonly tokens = new LRUCache<string, { readonly expiresAt: Date; readonly recheck: Recheck }>({
    max: mostTokens,
    ttl: rememberedMs,
  });

  /** @param expiresAt the token's own end, from which on it is refused whatever is remembered. */
  remember(token: string, expiresAt: Date, recheck: Recheck): void {
    this.tokens.set(token, { expiresAt, recheck });
  }

  /**
   * The caller whom a remembered token names.
   * @returns null when the token is not remembered or not good any more: then it is to be checked in full.
   * @throws what the recheck throws when it cannot be told.
   */
  async principalOf(token: string): Promise<Principal | null> {
    const known = this.tokens.get(token);
    if (known === undefined) return null;
    const principal = known.expiresAt.getTime() > Date.now() ? await known.recheck() : null;
    if (principal === null) this.tokens.delete(token);
    return principal;
  }
}

import type { components } from '../api/schema.js';

/** Who is signed in. */
export type User = Readonly<components['schemas']['ConsoleUserDto']>;
export type Role = User['roles'][number];

/** What a sign-in or a renewal gives. */
export interface Grant {
  readonly accessToken: string;
  /** Life of the token, in seconds. */
  readonly expiresIn: number;
  readonly user: User;
}

/** Where tokens come from: the built-in issuer (local-issuer.ts) or an OpenID Connect provider (oidc-issuer.ts). */
export interface Issuer {
  /** Whether all tabs of a browser have one session, so that a sign-in in one is a sign-in in all. */
  readonly isShared: boolean;
  /** Whether there is something to renew a token with. */
  readonly canRenew: boolean;
  /** @returns null when there is no session to go on with. @throws Unreachable, Problem. */
  renew(): Promise<Grant | null>;
  signOut(): Promise<void>;
  /** Drops what this tab holds: another one has signed out. */
  forget(): void;
}

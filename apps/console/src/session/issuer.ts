export type Role = 'user' | 'editor' | 'admin';

/** Who is signed in. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly roles: readonly Role[];
}

/** What a sign-in or a renewal gives. */
export interface Grant {
  readonly accessToken: string;
  /** Life of the token, in seconds. */
  readonly expiresIn: number;
  readonly user: User;
}

/** Where tokens come from: the built-in issuer (local-issuer.ts) or an OpenID Connect provider (oidc-issuer.ts). */
export interface Issuer {
  /** @returns null when there is no session to go on with. @throws Unreachable, Problem. */
  renew(): Promise<Grant | null>;
  signOut(): Promise<void>;
}

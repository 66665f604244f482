import { queryClient } from '../api/query-client.js';
import type { Grant, Issuer, Role, User } from './issuer.js';

export type SessionState =
  | { readonly status: 'starting' }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'signed-out'; readonly ended: boolean }
  | { readonly status: 'signed-in'; readonly user: User };

/** Part of a token's life after which it is renewed. */
const renewAfter = 0.8;
/** Seconds after which a renewal that could not be asked for is tried again. */
const tryAgainAfter = 5;

/** Who is signed in here. Tokens are in this object and nowhere else. */
class Session {
  state: SessionState = { status: 'starting' };
  private issuer: Issuer | null = null;
  private accessToken: string | null = null;
  private endsAt = 0;
  /** Whose data this tab may hold: the id of a user. */
  private loadedFor: string | null = null;
  private renewing: Promise<string | null> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();
  private otherTabs: BroadcastChannel | null = null;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Goes on with the session that this browser has, if it has one. @param issuer null: nobody can sign in. */
  async start(issuer: Issuer | null): Promise<void> {
    this.issuer = issuer;
    this.otherTabs ??= this.listen();
    try {
      const grant = (await issuer?.renew()) ?? null;
      if (grant === null) this.forget(false);
      else this.accept(grant);
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    this.show({ status: 'failed', error });
  }

  accept(grant: Grant): void {
    // What was loaded for one person is nothing for the next.
    if (this.loadedFor !== grant.user.id) queryClient.clear();
    this.loadedFor = grant.user.id;
    this.accessToken = grant.accessToken;
    this.endsAt = Date.now() + grant.expiresIn * 1000;
    this.renewIn(grant.expiresIn * renewAfter);
    this.show({ status: 'signed-in', user: grant.user });
  }

  /** The access token, a new one when the old one is about to end; null when nobody is signed in. */
  async token(): Promise<string | null> {
    return this.accessToken !== null && Date.now() > this.endsAt - 5_000 ? this.renewed() : this.accessToken;
  }

  /** A new access token; callers at the same time share it. @returns null when the session has ended. */
  renewed(): Promise<string | null> {
    this.renewing ??= this.renew().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  async signOut(): Promise<void> {
    await this.issuer?.signOut();
    this.otherTabs?.postMessage('signed-out');
    this.forget(false);
  }

  /** To other tabs that sign out, and to the laptop that wakes up: timers sleep while it does. */
  private listen(): BroadcastChannel {
    const otherTabs = new BroadcastChannel('longhaul-session');
    otherTabs.onmessage = () => {
      this.issuer?.forget();
      this.forget(false);
    };
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.isDue()) void this.renewed().catch(() => undefined);
    });
    return otherTabs;
  }

  private async renew(): Promise<string | null> {
    if (this.issuer === null || this.accessToken === null) return null;
    try {
      const grant = await this.issuer.renew();
      if (grant === null) this.forget(true);
      else this.accept(grant);
    } catch (error) {
      this.renewIn(tryAgainAfter);
      throw error;
    }
    return this.accessToken;
  }

  private forget(ended: boolean): void {
    clearTimeout(this.timer);
    this.accessToken = null;
    this.show({ status: 'signed-out', ended });
    queryClient.clear();
  }

  private isDue(): boolean {
    return this.accessToken !== null && Date.now() > this.endsAt - 60_000;
  }

  private renewIn(seconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.renewed().catch(() => undefined), seconds * 1000);
  }

  private show(state: SessionState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

export const session = new Session();

/** Admins hold every role. */
export function hasRole(user: User, roles: readonly Role[]): boolean {
  return user.roles.includes('admin') || roles.some((role) => user.roles.includes(role));
}

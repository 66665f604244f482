import { queryClient } from '../api/query-client.js';
import type { Grant, Issuer, Role, User } from './issuer.js';

export type SessionState =
  | { readonly status: 'starting' }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'signed-out'; readonly ended: boolean }
  /** @see Session.takenOver for `insteadOf`. */
  | { readonly status: 'signed-in'; readonly user: User; readonly insteadOf?: string };

/** What tabs tell each other. */
type News = { readonly kind: 'signed-out' } | { readonly kind: 'signed-in'; readonly userId: string };

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
      else this.take(grant);
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    this.show({ status: 'failed', error });
  }

  /** Somebody has signed in here. */
  accept(grant: Grant): void {
    this.take(grant);
    this.tell({ kind: 'signed-in', userId: grant.user.id });
  }

  private take(grant: Grant): void {
    // What was loaded for one person is nothing for the next.
    if (this.loadedFor !== grant.user.id) queryClient.clear();
    this.loadedFor = grant.user.id;
    this.accessToken = grant.accessToken;
    this.endsAt = Date.now() + grant.expiresIn * 1000;
    this.renewIn(grant.expiresIn * renewAfter);
    const insteadOf = this.takenOver(grant.user);
    this.show({ status: 'signed-in', user: grant.user, ...(insteadOf !== undefined && { insteadOf }) });
  }

  /** @returns the name of who was signed in until now: all tabs have one session, and another tab has begun somebody else's. */
  private takenOver(user: User): string | undefined {
    if (this.state.status !== 'signed-in') return undefined;
    return this.state.user.id === user.id ? this.state.insteadOf : this.state.user.username;
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
    this.tell({ kind: 'signed-out' });
    this.forget(false);
  }

  private tell(news: News): void {
    this.otherTabs?.postMessage(news);
  }

  /** To other tabs that sign in and out, and to the laptop that wakes up: timers sleep while it does. */
  private listen(): BroadcastChannel {
    const otherTabs = new BroadcastChannel('longhaul-session');
    otherTabs.onmessage = ({ data }: MessageEvent<News>) => {
      if (data.kind === 'signed-in') void this.follow(data.userId);
      else this.drop();
    };
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.isDue()) void this.renewed().catch(() => undefined);
    });
    return otherTabs;
  }

  /** Another tab has signed in: where all tabs have one session, it is this tab's as well. */
  private async follow(userId: string): Promise<void> {
    if (this.issuer?.isShared !== true || this.state.status === 'starting') return;
    if (this.state.status === 'signed-in' && this.state.user.id === userId) return;
    try {
      const grant = await this.issuer.renew();
      if (grant !== null) this.take(grant);
    } catch {
      // Nobody may see for long what is no longer theirs.
      this.renewIn(tryAgainAfter);
    }
  }

  private async renew(): Promise<string | null> {
    const { issuer, accessToken, loadedFor } = this;
    if (issuer === null || accessToken === null) return null;
    try {
      const grant = await issuer.renew();
      // Signed out meanwhile, or signed in anew.
      if (this.accessToken !== accessToken) return this.loadedFor === loadedFor ? this.accessToken : null;
      if (grant === null) this.forget(true);
      else this.take(grant);
    } catch (error) {
      if (this.accessToken === accessToken) this.renewIn(tryAgainAfter);
      throw error;
    }
    // What one user began is not sent in the name of another.
    return this.loadedFor === loadedFor ? this.accessToken : null;
  }

  /** Another tab has signed out. */
  private drop(): void {
    this.issuer?.forget();
    this.forget(false);
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

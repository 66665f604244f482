import { holdQueries, queryClient } from '../api/query-client.js';
import type { Grant, Issuer, Role, User } from './issuer.js';

export type SessionState =
  | { readonly status: 'starting' }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'signed-out'; readonly ended: boolean }
  /** The session ended by itself; the page is kept, hidden, until its user signs in again. */
  | { readonly status: 'ended'; readonly user: User }
  /** @see Session.takenOver for `insteadOf`. */
  | { readonly status: 'signed-in'; readonly user: User; readonly insteadOf?: string };

/** What tabs tell each other. */
type News = { readonly kind: 'signed-out' } | { readonly kind: 'signed-in'; readonly userId: string };

/** Part of a token's life after which it is renewed. */
const renewAfter = 0.8;
/** Seconds after which a renewal that could not be asked for is tried again. */
const tryAgainAfter = 5;
/** Milliseconds; a timer that is longer goes off at once. */
const longestTimer = 2 ** 31 - 1;

/** Who is signed in here. Tokens are in this object and nowhere else. */
class Session {
  state: SessionState = { status: 'starting' };
  private issuer: Issuer | null = null;
  private accessToken: string | null = null;
  private endsAt = 0;
  /** Whose data this tab may hold: the id of a user. */
  private loadedFor: string | null = null;
  /** Counts what begins or ends a session or renews it: what was asked for before is not taken any more. */
  private era = 0;
  private renewing: Promise<string | null> | null = null;
  /** Lets go of what was loaded for a page that is hidden. */
  private release: () => void = () => undefined;
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
    const { era } = this;
    try {
      const grant = (await issuer?.renew()) ?? null;
      if (this.era !== era) return;
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
    this.era += 1;
    // What was loaded for one person is nothing for the next.
    if (this.loadedFor !== grant.user.id) queryClient.clear();
    this.loadedFor = grant.user.id;
    this.accessToken = grant.accessToken;
    this.endsAt = Date.now() + grant.expiresIn * 1000;
    // With nothing to renew it with, a token is good to its end.
    this.renewIn(grant.expiresIn * (this.canRenew ? renewAfter : 1));
    if (this.state.status === 'ended') this.release();
    const insteadOf = this.takenOver(grant.user);
    this.show({ status: 'signed-in', user: grant.user, ...(insteadOf !== undefined && { insteadOf }) });
  }

  /** @returns the name of who was signed in until now: all tabs have one session, and another tab has begun somebody else's. */
  private takenOver(user: User): string | undefined {
    if (this.state.status !== 'signed-in' && this.state.status !== 'ended') return undefined;
    return this.state.user.id === user.id ? undefined : this.state.user.username;
  }

  /** The access token, a new one when the old one is about to end; null when nobody is signed in. */
  async token(): Promise<string | null> {
    return this.accessToken !== null && this.endsWithin(5_000) ? this.renewed() : this.accessToken;
  }

  /** A new access token; callers at the same time share it. @returns null when the session has ended. */
  renewed(): Promise<string | null> {
    this.renewing ??= this.renew().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  /** Signs out here and in other tabs, in any case. @returns whether the server knows it, which is told later otherwise. */
  async signOut(): Promise<boolean> {
    const { issuer } = this;
    const isKnown = await (issuer?.signOut() ?? Promise.resolve()).then(
      () => true,
      () => false,
    );
    this.tell({ kind: 'signed-out' });
    this.drop();
    if (!isKnown) addEventListener('online', () => void this.tellLater(), { once: true });
    return isKnown;
  }

  /** The cookie of the session that could not be ended is still there. */
  private async tellLater(): Promise<void> {
    if (this.state.status === 'signed-out') await this.issuer?.signOut().catch(() => undefined);
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
    const { era } = this;
    try {
      const grant = await this.issuer.renew();
      if (grant !== null && this.era === era) this.take(grant);
    } catch {
      // Nobody may see for long what is no longer theirs.
      if (this.era === era) this.renewIn(tryAgainAfter);
    }
  }

  private async renew(): Promise<string | null> {
    const { issuer, era, loadedFor } = this;
    if (issuer === null || this.accessToken === null) return null;
    try {
      const grant = await issuer.renew();
      // Signed out meanwhile, or signed in anew.
      if (this.era !== era) return this.loadedFor === loadedFor ? this.accessToken : null;
      if (grant === null) this.forget(true);
      else this.take(grant);
    } catch (error) {
      if (this.era === era) this.renewIn(tryAgainAfter);
      throw error;
    }
    // What one user began is not sent in the name of another.
    return this.loadedFor === loadedFor ? this.accessToken : null;
  }

  /** It was signed out, here or in another tab. */
  private drop(): void {
    this.issuer?.forget();
    this.forget(false);
  }

  private forget(ended: boolean): void {
    clearTimeout(this.timer);
    this.era += 1;
    this.accessToken = null;
    const { state } = this;
    if (ended && state.status === 'signed-in' && this.issuer?.isShared === true) {
      this.release = holdQueries();
      this.show({ status: 'ended', user: state.user });
      return;
    }
    if (state.status === 'ended') this.release();
    this.show({ status: 'signed-out', ended });
    queryClient.clear();
  }

  private isDue(): boolean {
    return this.accessToken !== null && this.endsWithin(60_000);
  }

  private get canRenew(): boolean {
    return this.issuer?.canRenew === true;
  }

  /** Whether the token ends so soon that it should be renewed, if it can be. @param ms milliseconds. */
  private endsWithin(ms: number): boolean {
    return Date.now() > this.endsAt - (this.canRenew ? ms : 0);
  }

  private renewIn(seconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.renewed().catch(() => undefined), Math.min(seconds * 1000, longestTimer));
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

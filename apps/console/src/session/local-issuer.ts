import { Problem, problemOf, Unreachable } from '../api/problem.js';
import type { components } from '../api/schema.js';
import type { Grant, Issuer } from './issuer.js';

/** Milliseconds after which a sign-out does without the server's answer. */
const signOutMs = 5_000;

type SessionAnswer = components['schemas']['ConsoleSessionDto'];

/** The built-in issuer: its refresh token is a cookie that no script can read. */
export class LocalIssuer implements Issuer {
  readonly isShared = true;
  readonly canRenew = true;

  /** @throws Problem `invalid_credentials`. */
  withPassword(username: string, password: string): Promise<Grant> {
    return ask('/console/session', { username, password });
  }

  /** @param ticket of a link that is good for one sign-in. @throws Problem when it was used or is too old. */
  withLink(ticket: string): Promise<Grant> {
    return ask('/console/session/link', { ticket });
  }

  async renew(): Promise<Grant | null> {
    try {
      return await alone(() => ask('/console/session/refresh', {}));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  }

  /** It holds nothing: the cookie is gone already. */
  forget(): void {}

  async signOut(): Promise<void> {
    await alone(() => call('DELETE', '/console/session', undefined, AbortSignal.timeout(signOutMs)));
  }
}

/** One tab at a time: a refresh token that is used twice ends the session. Only secure pages have locks. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  const locks = navigator.locks as LockManager | undefined;
  return locks === undefined ? work() : locks.request('longhaul-session', work);
}

async function ask(path: string, body: object): Promise<Grant> {
  const { access_token, expires_in, user } = (await call('POST', path, body)) as SessionAnswer;
  return { accessToken: access_token, expiresIn: expires_in, user };
}

async function call(method: string, path: string, body?: object, signal?: AbortSignal): Promise<unknown> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(path, { method, credentials: 'same-origin', signal: signal ?? null, ...sent }).catch(
    (error: unknown) => {
      throw new Unreachable(error);
    },
  );
  const content: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw problemOf(answer.status, content);
  return content;
}

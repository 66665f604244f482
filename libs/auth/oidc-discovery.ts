import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '@longhaul/config';
import { KeysUnavailable } from './auth-errors.js';

const requestTimeoutMs = 5_000;
/** What is known is read again in the background when older than this. */
const refreshAfterMs = 600_000;
/** The provider is asked for its token endpoint at most once in this time. */
const pauseMs = 3_000;
/** How long a page waits for a provider that has not answered yet. */
const patienceMs = 1_000;

/** What the OpenID Connect provider says of itself (OpenID Connect Discovery 1.0, section 4). */
@Injectable()
export class OidcDiscovery {
  private tokenOrigin: string | null = null;
  private knownAt = -Infinity;
  private askedAt = -Infinity;
  private asking: Promise<void> | null = null;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @throws KeysUnavailable when it cannot be asked, speaks for another issuer, or names no keys that may be trusted. */
  async jwksUrl(): Promise<string> {
    const url = (await this.read())['jwks_uri'];
    if (typeof url !== 'string' || !URL.canParse(url)) throw new KeysUnavailable('Discovery names no jwks_uri');
    if (this.isSecure && !url.startsWith('https:')) throw new KeysUnavailable('jwks_uri without TLS');
    return url;
  }

  /**
   * Where a browser that signs in makes calls to: the issuer, and its token endpoint, whose origin may be another one, as
   * Amazon Cognito's is. Never fails, and waits a second at most: of a provider that is away, only the issuer is known.
   */
  async browserOrigins(): Promise<readonly string[]> {
    const now = performance.now();
    if (now - this.knownAt > refreshAfterMs && now - this.askedAt > pauseMs) this.asking ??= this.ask();
    if (this.tokenOrigin === null && this.asking !== null) {
      await Promise.race([this.asking, pause(patienceMs, undefined, { ref: false })]);
    }
    return [...new Set([new URL(this.config.OIDC_ISSUER).origin, this.tokenOrigin].filter((one) => one !== null))];
  }

  private async ask(): Promise<void> {
    this.askedAt = performance.now();
    try {
      this.tokenOrigin = originOf((await this.read())['token_endpoint'], this.isSecure);
      this.knownAt = performance.now();
    } catch {
      // What is known stays; the browser, which asks the provider too, says what is wrong.
    } finally {
      this.asking = null;
    }
  }

  private async read(): Promise<Record<string, unknown>> {
    const issuer = this.config.OIDC_ISSUER;
    const found = await getJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    if (found['issuer'] !== issuer) throw new KeysUnavailable('Discovery answers for another issuer');
    return found;
  }

  private get isSecure(): boolean {
    return this.config.OIDC_ISSUER.startsWith('https:');
  }
}

/** @throws KeysUnavailable, or what fetch throws. */
export async function getJson(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  const body = await response.text();
  if (!response.ok) throw new KeysUnavailable(`${url} answered ${response.status}`);
  const value: unknown = JSON.parse(body);
  if (typeof value !== 'object' || value === null) throw new KeysUnavailable(`${url} is no JSON object`);
  return value as Record<string, unknown>;
}

/** @param isSecure whether the issuer has TLS; its tokens must, too. @returns null for what is no address that may be called. */
export function originOf(endpoint: unknown, isSecure: boolean): string | null {
  const url = typeof endpoint === 'string' ? URL.parse(endpoint) : null;
  return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && !isSecure)) ? url.origin : null;
}

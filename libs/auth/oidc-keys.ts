import { KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { createLocalJWKSet, errors, type CryptoKey, type JSONWebKeySet, type JWTHeaderParameters } from 'jose';
import { CONFIG, type Config } from '@longhaul/config';
import { KeysUnavailable, TokenRefused } from './auth-errors.js';
import { getJson, OidcDiscovery } from './oidc-discovery.js';

/** Keys are read again in the background when older than this: what the provider removed stops verifying. */
const refreshAfterMs = 600_000;
/** While the provider is away its last known keys serve this long. */
const maxAgeMs = 3_600_000;
/** The provider is asked at most once in this time, however many unknown key ids come in. */
const pauseMs = 3_000;
const minRsaBits = 2_048;

type FindKey = ReturnType<typeof createLocalJWKSet>;

/** Public keys of the OpenID Connect provider, found by discovery or at OIDC_JWKS_URL. */
@Injectable()
export class OidcKeys {
  private findKey: FindKey | undefined;
  private loadedAt = -Infinity;
  private askedAt = -Infinity;
  private loading: Promise<void> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly discovery: OidcDiscovery,
  ) {}

  /**
   * The key that a token's header names.
   * @throws TokenRefused when the provider has no such key, or only one too weak.
   * @throws KeysUnavailable when the provider cannot be asked.
   */
  async find(header: JWTHeaderParameters): Promise<KeyObject> {
    const age = performance.now() - this.loadedAt;
    if (age > maxAgeMs) await this.load();
    else if (age > refreshAfterMs && this.mayAsk()) void this.load().catch(() => undefined);
    const key = (await this.match(header)) ?? (await this.matchAfterReload(header));
    if (key === undefined) throw new TokenRefused('unknown key');
    refuseWeak(key);
    return key;
  }

  private async matchAfterReload(header: JWTHeaderParameters): Promise<KeyObject | undefined> {
    if (this.loading === undefined && !this.mayAsk()) return undefined;
    await this.load();
    return this.match(header);
  }

  private async match(header: JWTHeaderParameters): Promise<KeyObject | undefined> {
    try {
      return KeyObject.from((await this.findKey?.(header)) as CryptoKey);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      throw new TokenRefused('key cannot be used', { cause: error });
    }
  }

  private mayAsk(): boolean {
    return performance.now() - this.askedAt > pauseMs;
  }

  private load(): Promise<void> {
    if (this.loading === undefined && !this.mayAsk()) {
      return Promise.reject(new KeysUnavailable('The provider was asked a moment ago and did not answer'));
    }
    this.loading ??= this.ask().finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async ask(): Promise<void> {
    this.askedAt = performance.now();
    const url = this.config.OIDC_JWKS_URL || (await this.discovery.jwksUrl());
    this.findKey = createLocalJWKSet((await getJson(url)) as unknown as JSONWebKeySet);
    this.loadedAt = performance.now();
  }
}

function refuseWeak(key: KeyObject): void {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < minRsaBits) throw new TokenRefused(`RSA key of ${bits} bits`);
}

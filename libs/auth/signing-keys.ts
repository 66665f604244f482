import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { DataSource, type EntityManager } from 'typeorm';

/** Signature algorithm of the built-in issuer. */
export const LOCAL_ALGORITHM = 'ES256';
/** Serialises the making of keys over all processes; arbitrary, must never change. */
const keyLock = 7_311_044_082;
/** A retired key stops verifying, and a new one starts signing, in every process within this time. */
const maxAgeMs = 60_000;
/** Unknown key ids are free to invent, so they cause at most one query in this time. */
const unknownKidPauseMs = 1_000;

interface KeyRow {
  readonly kid: string;
  readonly private_jwk: JWK;
  readonly public_jwk: JWK;
}
interface KeySet {
  readonly loadedAt: number;
  readonly signing: { readonly kid: string; readonly key: CryptoKey } | undefined;
  readonly verifying: ReadonlyMap<string, KeyObject>;
  readonly published: readonly JWK[];
}

/**
 * Keys of the built-in issuer. They live in the database, so that every api signs with the same one and accepts
 * what the others signed: the newest key that is not retired signs, all that are not retired verify.
 */
@Injectable()
export class SigningKeys {
  private set: KeySet | undefined;
  private loading: Promise<KeySet> | undefined;

  constructor(private readonly database: DataSource) {}

  /** The key that signs now; made when there is none. */
  async signing(): Promise<{ readonly kid: string; readonly key: CryptoKey }> {
    const known = (await this.recent()).signing;
    if (known !== undefined) return known;
    await this.makeFirst();
    const made = (await this.load()).signing;
    if (made === undefined) throw new Error('The signing key that was just made is not in the database');
    return made;
  }

  /** The key with this id, or undefined when it is unknown or retired. */
  async verifying(kid: string): Promise<KeyObject | undefined> {
    const set = await this.recent();
    const known = set.verifying.get(kid);
    if (known !== undefined || performance.now() - set.loadedAt < unknownKidPauseMs) return known;
    return (await this.load()).verifying.get(kid);
  }

  /** Public halves of all keys that verify, for `GET /auth/jwks`. */
  async published(): Promise<readonly JWK[]> {
    return (await this.recent()).published;
  }

  /** Makes a key unless there is one that is not retired, once over all processes. */
  async makeFirst(): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [keyLock]);
      const rows: unknown[] = await manager.query('SELECT FROM signing_keys WHERE retired_at IS NULL LIMIT 1');
      if (rows.length === 0) await insertNewKey(manager);
    });
  }

  /** Makes a further key, which signs from now on; tokens of the older ones stay valid until those are retired. */
  async rotate(): Promise<void> {
    await insertNewKey(this.database.manager);
    await this.load();
  }

  private async recent(): Promise<KeySet> {
    const fresh = this.set !== undefined && performance.now() - this.set.loadedAt < maxAgeMs;
    return fresh && this.set !== undefined ? this.set : this.load();
  }

  private load(): Promise<KeySet> {
    this.loading ??= this.read().finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async read(): Promise<KeySet> {
    const rows = await this.database.query<KeyRow[]>(
      `SELECT kid, private_jwk, public_jwk FROM signing_keys
       WHERE retired_at IS NULL AND algorithm = $1 ORDER BY created_at DESC, kid`,
      [LOCAL_ALGORITHM],
    );
    const newest = rows[0];
    this.set = {
      loadedAt: performance.now(),
      signing: newest && {
        kid: newest.kid,
        key: (await importJWK(newest.private_jwk, LOCAL_ALGORITHM)) as CryptoKey,
      },
      verifying: new Map(rows.map((row) => [row.kid, createPublicKey({ key: row.public_jwk, format: 'jwk' })])),
      published: rows.map((row) => row.public_jwk),
    };
    return this.set;
  }
}

async function insertNewKey(manager: EntityManager): Promise<void> {
  const pair = await generateKeyPair(LOCAL_ALGORITHM, { extractable: true });
  const bare = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(bare);
  await manager.query(
    `INSERT INTO signing_keys (kid, algorithm, private_jwk, public_jwk, created_at)
     VALUES ($1, $2, $3, $4, clock_timestamp())`,
    [kid, LOCAL_ALGORITHM, await exportJWK(pair.privateKey), { ...bare, kid, alg: LOCAL_ALGORITHM, use: 'sig' }],
  );
}

import { createHmac, createPrivateKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;
/** One token, part by part. */
interface Draft {
  readonly header: Json;
  readonly claims: Json;
  readonly signature: (input: string) => Buffer;
}

/** What the forge knows of the deployment: with it, each token is right but for its one defect. */
export interface ForgeKnowledge {
  /** Newest key of the built-in issuer. */
  readonly local: { readonly kid: string; readonly privateJwk: Json };
  readonly user: { readonly id: string; readonly authVersion: number };
  readonly oidc: { readonly issuer: string; readonly audience: string };
  /** A server that must never be asked for keys. */
  readonly canaryUrl: string;
}

/** Makes tokens of both issuers, each with one defect. */
export class TokenForge {
  private readonly strong = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  private readonly strange = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private knowledge: ForgeKnowledge;

  /** Public keys of the OpenID Connect provider; the weak one is among them. */
  jwks(): { keys: Json[] } {
    const published = (key: KeyObject, kid: string) => ({
      ...key.export({ format: 'jwk' }),
      kid,
      alg: 'RS256',
      use: 'sig',
    });
    return { keys: [published(this.strong.publicKey, 'strong'), published(this.weak.publicKey, 'weak')] };
  }

  learn(knowledge: ForgeKnowledge): void {
    this.knowledge = knowledge;
  }

  /** @param name a word of `drafts`; `local` and `oidc` are without a defect. */
  token(name: string): string {
    const make = this.drafts[name];
    if (make === undefined) throw new Error(`There is no token "${name}".`);
    const { header, claims, signature } = make();
    const input = `${part(header)}.${part(claims)}`;
    return `${input}.${signature(input).toString('base64url')}`;
  }

  private readonly drafts: Readonly<Record<string, () => Draft>> = {
    local: () => this.local(),
    oidc: () => this.oidc(),
    'alg-none': () => ({ ...this.local({}, { alg: 'none' }), signature: () => Buffer.alloc(0) }),
    'hs256-with-rsa-public': () => ({
      ...this.oidc({}, { alg: 'HS256' }),
      signature: (input) => hmac(input, this.strong.publicKey.export({ type: 'spki', format: 'pem' })),
    }),
    'no-signature': () => ({ ...this.local(), signature: () => Buffer.alloc(0) }),
    'no-exp': () => this.local({ exp: undefined }),
    'wrong-issuer': () => this.local({ iss: 'https://evil.example' }),
    'wrong-audience': () => this.local({ aud: 'other-api' }),
    'other-audiences': () => this.local({ aud: ['x', 'y'] }),
    'id-token': () => this.oidc({ nonce: 'n', at_hash: 'h' }),
    'kid-traversal': () => this.local({}, { kid: "../../dev/null' OR 1=1 --" }),
    jku: () => ({
      ...this.oidc({}, { kid: 'strange', jku: this.knowledge.canaryUrl, x5u: this.knowledge.canaryUrl }),
      signature: rs256(this.strange.privateKey),
    }),
    'rsa-1024': () => ({ ...this.oidc({}, { kid: 'weak' }), signature: rs256(this.weak.privateKey) }),
    // Java's "psychic signatures": zeros that some verifiers take for right.
    'psychic-signature': () => ({ ...this.local(), signature: () => Buffer.alloc(64) }),
    'embedded-jwk': () => ({
      ...this.oidc({}, { kid: undefined, jwk: this.strange.publicKey.export({ format: 'jwk' }) }),
      signature: rs256(this.strange.privateKey),
    }),
    'critical-header': () => this.local({}, { crit: ['unknown'], unknown: 1 }),
    'not-yet': () => this.local({ nbf: seconds() + 600 }),
    expired: () => this.local({ exp: seconds() - 120 }),
    'exp-text': () => this.local({ exp: String(seconds() + 600) }),
    'kid-object': () => this.local({}, { kid: { $ne: 1 } }),
    'type-jwt': () => this.local({}, { typ: 'JWT' }),
    'alg-in-small-letters': () => this.local({}, { alg: 'es256' }),
    'none-in-capitals': () => ({ ...this.local({}, { alg: 'NONE' }), signature: () => Buffer.alloc(0) }),
    'other-version': () => this.local({ ver: this.knowledge.user.authVersion + 1 }),
    'subject-object': () => this.local({ sub: { $ne: 1 } }),
    'subject-sql': () => this.local({ sub: "' OR 1=1 --" }),
    'header-array': () => ({ ...this.local(), header: [] as never }),
    'oidc-key-for-local': () => ({
      ...this.local({}, { alg: 'RS256', kid: 'strong' }),
      signature: rs256(this.strong.privateKey),
    }),
    padded: () => this.local({ pad: 'a'.repeat(100_000) }),
    'roles-object': () => this.oidc({ roles: { admin: true } }),
    'roles-misspelt': () => this.oidc({ roles: ['Admin ', 'ADMIN'] }),
    /** Right in every way; runs out after five seconds. */
    'short-lived': () => this.local({ exp: seconds() + 5 }),
  };

  private local(claims: Json = {}, header: Json = {}): Draft {
    const { local, user } = this.knowledge;
    const key = createPrivateKey({ key: local.privateJwk, format: 'jwk' });
    return {
      header: { alg: 'ES256', kid: local.kid, typ: 'at+jwt', ...header },
      claims: { ...standardClaims('urn:longhaul:issuer', 'longhaul', user.id), ver: user.authVersion, ...claims },
      signature: (input) => sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }),
    };
  }

  private oidc(claims: Json = {}, header: Json = {}): Draft {
    const { issuer, audience } = this.knowledge.oidc;
    return {
      header: { alg: 'RS256', kid: 'strong', typ: 'at+jwt', ...header },
      claims: { ...standardClaims(issuer, audience, 'oidc-subject'), ...claims },
      signature: rs256(this.strong.privateKey),
    };
  }
}

const seconds = () => Math.floor(Date.now() / 1000);
const part = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url');
const hmac = (input: string, secret: string | Buffer) => createHmac('sha256', secret).update(input).digest();
const rs256 = (key: KeyObject) => (input: string) => sign('sha256', Buffer.from(input), key);

function standardClaims(iss: string, aud: string, sub: string): Json {
  return { iss, aud, sub, roles: ['user'], iat: seconds(), exp: seconds() + 600, jti: randomUUID() };
}

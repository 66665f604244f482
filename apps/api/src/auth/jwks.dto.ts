/** A public key, by RFC 7517. */
export class JwkDto {
  kty: string;
  crv: string;
  x: string;
  y: string;
  kid: string;
  alg: string;
  use: string;
}

/** Public keys of the built-in issuer. */
export class JwksDto {
  keys: JwkDto[];
}

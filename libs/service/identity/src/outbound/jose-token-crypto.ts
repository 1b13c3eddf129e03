import { type AccessClaims, type SigningKey, TokenCrypto } from '@parley/core-identity';
import { ACCESS_TOKEN, signAccessToken, verifyAccessToken } from '@parley/platform';
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** ES256 tokens by jose. Imported keys are kept: an import costs as much as a signature. */
export class JoseTokenCrypto extends TokenCrypto {
  private readonly privateKeys = new Map<string, CryptoKey>();
  private readonly publicKeys = new Map<string, CryptoKey>();

  constructor(private readonly issuer: string) {
    super();
  }

  async newKey(createdAt: number): Promise<SigningKey> {
    const pair = await generateKeyPair(ACCESS_TOKEN.algorithm, { extractable: true });
    const publicJwk = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(publicJwk);
    const marked = { ...publicJwk, kid, alg: ACCESS_TOKEN.algorithm, use: 'sig' };
    return {
      kid,
      privateJwk: JSON.stringify(await exportJWK(pair.privateKey)),
      publicJwk: JSON.stringify(marked),
      createdAt,
    };
  }

  async sign(key: SigningKey, claims: AccessClaims): Promise<string> {
    const privateKey = await imported(this.privateKeys, key.kid, key.privateJwk);
    return signAccessToken({ kid: key.kid, privateKey }, claims, this.issuer);
  }

  verify(token: string, keys: readonly SigningKey[], now: number): Promise<AccessClaims> {
    const byId = new Map(keys.map((key) => [key.kid, key.publicJwk]));
    return verifyAccessToken(
      token,
      async (kid) => {
        const jwk = byId.get(kid);
        return jwk === undefined ? undefined : imported(this.publicKeys, kid, jwk);
      },
      { issuer: this.issuer, now },
    );
  }

  jwks(keys: readonly SigningKey[]): string {
    return `{"keys":[${keys.map((key) => key.publicJwk).join(',')}]}`;
  }
}

async function imported(known: Map<string, CryptoKey>, kid: string, jwk: string): Promise<CryptoKey> {
  let key = known.get(kid);
  if (key === undefined) {
    key = (await importJWK(JSON.parse(jwk) as JWK, ACCESS_TOKEN.algorithm)) as CryptoKey;
    known.set(kid, key);
  }
  return key;
}

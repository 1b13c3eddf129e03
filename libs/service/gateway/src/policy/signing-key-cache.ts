import { createPublicKey } from 'node:crypto';
import { identityV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import type { Clock } from '@parley/kernel';
import { ACCESS_TOKEN } from '@parley/platform';
import { type CryptoKey, importJWK, type JWK } from 'jose';

export interface PublicKey {
  key: CryptoKey;
  /** The same key for libraries that want text. */
  pem: string;
}

/** An unknown key id may be a new key or an invention: identity is asked at most this often. */
const COOL_DOWN_MS = 5000;
/** Keys that identity has dropped are forgotten after this long. */
const REFRESH_MS = 10 * 60_000;

/** Identity's public keys by id. A Map, so that an id such as `__proto__` is only an unknown one. */
export class SigningKeyCache {
  private readonly identity: ServiceClient<typeof identityV1.IdentityServiceService>;
  private keys = new Map<string, PublicKey>();
  private askedAt = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | undefined;

  constructor(
    rpc: RpcClients,
    private readonly clock: Clock,
  ) {
    this.identity = rpc.of(identityV1.IdentityServiceService);
  }

  /** Throws `server.unavailable` where no key at all could be had. */
  async find(kid: string): Promise<PublicKey | undefined> {
    const age = this.clock.now() - this.askedAt;
    if (this.asking === undefined && (age > REFRESH_MS || (!this.keys.has(kid) && age > COOL_DOWN_MS))) this.ask();
    if (!this.keys.has(kid)) await this.asking;
    return this.keys.get(kid);
  }

  private ask(): void {
    const asking = this.load().finally(() => {
      this.asking = undefined;
    });
    this.asking = asking;
    // Those who need the answer wait for `asking` themselves; with a known key nobody does.
    asking.catch(() => undefined);
  }

  private async load(): Promise<void> {
    const { jwksJson } = await this.identity.getKeys({});
    const { keys } = JSON.parse(jwksJson) as { keys: (JWK & { kid: string })[] };
    const loaded = await Promise.all(
      keys.map(async (jwk): Promise<[string, PublicKey]> => {
        const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
        return [jwk.kid, { key: (await importJWK(jwk, ACCESS_TOKEN.algorithm)) as CryptoKey, pem }];
      }),
    );
    this.keys = new Map(loaded);
    // Only an answer starts the pause: while identity is away every caller may try.
    this.askedAt = this.clock.now();
  }
}

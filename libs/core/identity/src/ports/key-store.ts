import type { SigningKey } from '../domain/signing-keys.js';

/** Signing keys, shared by all instances of the service. */
export abstract class KeyStore {
  abstract all(): Promise<SigningKey[]>;
  abstract add(key: SigningKey): Promise<void>;
  abstract drop(kid: string): Promise<void>;
}

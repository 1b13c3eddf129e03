import type { SigningKey } from '../domain/signing-keys.js';
import { KeyStore } from '../ports/key-store.js';

export class InMemoryKeyStore extends KeyStore {
  private readonly keys = new Map<string, SigningKey>();

  async all(): Promise<SigningKey[]> {
    return [...this.keys.values()];
  }

  async add(key: SigningKey): Promise<void> {
    this.keys.set(key.kid, key);
  }

  async drop(kid: string): Promise<void> {
    this.keys.delete(kid);
  }
}

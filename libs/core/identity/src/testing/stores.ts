import type { AccountStore } from '../ports/account-store.js';
import type { KeyStore } from '../ports/key-store.js';
import type { PolicyStore } from '../ports/policy-store.js';
import type { SessionStore } from '../ports/session-store.js';
import { InMemoryAccountStore } from './in-memory-account-store.js';
import { InMemoryKeyStore } from './in-memory-key-store.js';
import { InMemoryPolicyStore } from './in-memory-policy-store.js';
import { InMemorySessionStore } from './in-memory-session-store.js';
import { InMemoryState } from './in-memory-state.js';

/** All ports of one schema. */
export interface IdentityStores {
  accounts: AccountStore;
  sessions: SessionStore;
  policies: PolicyStore;
  keys: KeyStore;
}

export function inMemoryStores(): IdentityStores {
  const state = new InMemoryState();
  return {
    accounts: new InMemoryAccountStore(state),
    sessions: new InMemorySessionStore(state),
    policies: new InMemoryPolicyStore(state),
    keys: new InMemoryKeyStore(),
  };
}

export { accountStoreContract } from './account-store.contract.js';
export { aGuest, anAccount, anOpening, DAY_MS, NO_DEVICE, nextId, nextSecret, START } from './builders.js';
export {
  CountingIds,
  CountingThrottle,
  FakeClock,
  PlainTokenCrypto,
  RecordingEnforcer,
  TransparentHasher,
} from './fakes.js';
export { policyStoreContract } from './policy-store.contract.js';
export { sessionStoreContract } from './session-store.contract.js';
export { type IdentityStores, inMemoryStores } from './stores.js';

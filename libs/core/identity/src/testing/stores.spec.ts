import { accountStoreContract } from './account-store.contract.js';
import { policyStoreContract } from './policy-store.contract.js';
import { sessionStoreContract } from './session-store.contract.js';
import { inMemoryStores } from './stores.js';

const open = async () => inMemoryStores();

accountStoreContract(open);
sessionStoreContract(open);
policyStoreContract(open);

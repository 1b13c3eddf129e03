import { conversationStoreContract } from './conversation-store.contract.js';
import { inMemoryStores } from './desk.js';
import { pairStoreContract } from './pair-store.contract.js';

const open = async () => ({ stores: inMemoryStores(), close: async () => undefined });

conversationStoreContract('in memory', open);
pairStoreContract('in memory', open);

import { conversationStoreContract } from './conversation-store.contract.js';
import { inMemoryStores } from './desk.js';
import { membersContract } from './members.contract.js';
import { pairStoreContract } from './pair-store.contract.js';

const open = async () => ({ stores: inMemoryStores(), close: async () => undefined });

conversationStoreContract('in memory', open);
membersContract('in memory', open);
pairStoreContract('in memory', open);

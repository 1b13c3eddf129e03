export { eventLogContract, type EventLogHarness } from './event-log.contract.js';
export { eventLogGroupContract } from './event-log-group.contract.js';
export { type CloseSessions, type RpcHarness, rpcClientsContract } from './rpc-clients.contract.js';

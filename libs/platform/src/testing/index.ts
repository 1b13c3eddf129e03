export { CollectedLog } from './collected-log.js';
export { type ServiceOverGrpc, type ServiceUnderTest, startServiceOverGrpc } from './service-over-grpc.js';

export { type ServiceOverGrpc, type ServiceUnderTest, startServiceOverGrpc } from './service-over-grpc.js';

export type { CallObserver, CallOutcome, TransportFailure } from './call-observer.js';
export { FrameQueue } from './frame-queue.js';
export { GrpcClients, type GrpcClientsOptions, type PeerView } from './grpc-clients.js';
export { MAX_MESSAGE_BYTES } from './peer.js';
export { ServiceAddresses, type ServiceInstance, serviceOf, StaticAddresses } from './service-addresses.js';

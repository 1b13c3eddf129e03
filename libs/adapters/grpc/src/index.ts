export { GrpcClients, type GrpcClientsOptions, MAX_MESSAGE_BYTES } from './grpc-clients.js';
export { ServiceAddresses, serviceOf, StaticAddresses } from './service-addresses.js';

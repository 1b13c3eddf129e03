export { DiskObjectStorage, type DiskObjectStorageOptions } from './disk-object-storage.js';
export type { EndpointAnswer, ObjectEndpoint } from './object-endpoint.js';

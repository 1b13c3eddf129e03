export { DiskObjectStorage, type DiskObjectStorageOptions } from './disk-object-storage.js';
export type { EndpointAnswer, ObjectEndpoint } from './object-endpoint.js';
export { S3ObjectStorage } from './s3/s3-object-storage.js';
export type { S3ObjectStorageOptions } from './s3/s3-options.js';

// An entry of its own: the drivers of S3 take 40 MB that a process with its objects on disk need not have.
export { S3ObjectStorage } from './s3-object-storage.js';
export type { S3ObjectStorageOptions } from './s3-options.js';

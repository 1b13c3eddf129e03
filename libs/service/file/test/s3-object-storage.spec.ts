import { objectStorageContract } from '@parley/core-file/testing';
import { engine } from '@parley/testing';
import { afterAll, describe } from 'vitest';
import { download, send } from './support/http-client.js';
import { dropBucket, newBucket, openS3 } from './support/s3.js';

describe.skipIf(engine('s3') === undefined)('on a real S3', () => {
  const bucket = newBucket();
  afterAll(() => dropBucket(bucket));

  objectStorageContract('S3', async () => {
    const { storage, clock } = await openS3(bucket);
    return {
      storage,
      clock,
      async put(request, bytes) {
        const { status } = await send(request, bytes);
        return status === 412 ? 409 : status;
      },
      get: download,
      close: async () => storage.close(),
    };
  });
});

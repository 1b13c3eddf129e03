import { objectStorageContract } from '@parley/core-file/testing';
import { engine } from '@parley/testing';
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { download, headersOf, send } from './support/http-client.js';
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

  it('keeps nothing of an upload whose file is deleted while it is under way', async () => {
    const { storage, clock } = await openS3(bucket);
    const key = `ab/${randomBytes(8).toString('hex')}`;
    const grant = { key, size: 200_000, contentType: 'image/png', sha256: '', expiresAt: clock.now() + 60_000 };
    const { url, headers } = await storage.presignPut(grant);
    const client = request(url, { method: 'PUT', headers: { ...headersOf(headers), 'content-length': 200_000 } });
    const answered = new Promise((resolve) => client.on('response', (answer) => resolve(answer.resume().statusCode)));
    await new Promise((resolve) => client.write(Buffer.alloc(100_000), resolve));
    // MinIO holds the key while the upload goes on, and gives the deletion up: whoever deletes tries again later.
    const tried = await Promise.allSettled([storage.delete(key)]);
    client.end(Buffer.alloc(100_000));
    expect([200, 412]).toContain(await answered);
    if (tried[0]?.status === 'rejected') await storage.delete(key);
    expect(await storage.stat(key)).toBeUndefined();
    expect((await send({ method: 'PUT', url, headers, expiresAt: 0 }, Buffer.alloc(200_000))).status).toBe(412);
    storage.close();
  });
});

import { S3ObjectStorage, type S3ObjectStorageOptions } from '@parley/adapter-object-storage/s3';
import { SetClock } from '@parley/core-file/testing';
import { type Engines, engine } from '@parley/testing';
import { Client } from 'minio';
import { randomBytes } from 'node:crypto';

export const s3 = engine('s3') as Engines['s3'];

export const newBucket = () => `parley-test-${randomBytes(6).toString('hex')}`;

/** minio's own client, with all rights: what an operator has. */
export function operator(endpoint = s3.endpoint): Client {
  const { hostname, port, protocol } = new URL(endpoint);
  const { accessKey, secretKey, region } = s3;
  return new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: protocol === 'https:',
    accessKey,
    secretKey,
    region,
  });
}

export async function openS3(bucket: string, more: Partial<S3ObjectStorageOptions> = {}) {
  const clock = new SetClock(Date.now());
  const troubles: string[] = [];
  const { endpoint, accessKey, secretKey, region } = s3;
  const storage = await S3ObjectStorage.open({
    ...{ endpoint, publicUrl: endpoint, accessKey, secretKey, region, bucket },
    ...{ clock, abandonedAfterMs: 24 * 3_600_000, onTrouble: (line: string) => troubles.push(line) },
    ...more,
  });
  return { storage, clock, troubles };
}

export async function dropBucket(bucket: string): Promise<void> {
  const client = operator();
  const names: string[] = [];
  for await (const { name } of client.listObjectsV2(bucket, '', true) as AsyncIterable<{ name: string }>)
    names.push(name);
  await client.removeObjects(bucket, names);
  await client.removeBucket(bucket);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, isHopeless, reasonOf } from './s3-errors.js';
import type { S3Client } from './s3-client.js';
import type { S3ObjectStorageOptions } from './s3-options.js';
import { S3Presigner } from './s3-presigner.js';

const DAY_MS = 24 * 3_600_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
const PROBE_MS = 5000;
/** Not of the form that keys of files have. */
const PROBE_KEY = 'probe/what-is-enforced';

const CLOSED_KEYS = {
  ID: 'closed-keys',
  Status: 'Enabled',
  Filter: { ObjectSizeLessThan: 1 },
  Expiration: { Days: 3 },
};

/** The store does not do what uploads rest on. */
class Unfit extends Error {}

/** Makes the bucket where it is not there, and waits for the store as long as it takes. Throws what waiting does not mend. */
export async function prepareBucket(client: S3Client, options: S3ObjectStorageOptions): Promise<void> {
  const { endpoint, signal, onTrouble } = options;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      await makeBucket(client, options);
      await setLifecycle(client, options);
      return await probe(options);
    } catch (error) {
      if (error instanceof Unfit || isHopeless(error))
        throw new Error(`The object store at ${endpoint} cannot be used: ${reasonOf(error)}`, { cause: error });
      onTrouble(`waiting for object storage at ${endpoint}: ${reasonOf(error)}`);
      await sleep(wait * (0.75 + Math.random() / 2), undefined, signal === undefined ? {} : { signal });
    }
  }
}

/** A new bucket lets nobody in but its owner. */
async function makeBucket(client: S3Client, { bucket, region }: S3ObjectStorageOptions): Promise<void> {
  if (await client.bucketExists(bucket)) return;
  try {
    await client.makeBucket(bucket, region);
  } catch (error) {
    // DEDUPE: another process that starts at the same time.
    if (codeOf(error) !== 'BucketAlreadyOwnedByYou' && !(await client.bucketExists(bucket))) throw error;
  }
}

/** What nothing else takes away: uploads that were never joined, and the empty objects that keep the keys of deleted ones closed. */
async function setLifecycle(client: S3Client, options: S3ObjectStorageOptions): Promise<void> {
  const { bucket, abandonedAfterMs, onTrouble } = options;
  try {
    await client.getBucketLifecycle(bucket);
    return; // The operator's, or ours of an earlier start.
  } catch (error) {
    if (codeOf(error) !== 'NoSuchLifecycleConfiguration') throw error;
  }
  const DaysAfterInitiation = Math.ceil(abandonedAfterMs / DAY_MS) + 1;
  const abandoned = {
    ID: 'abandoned-uploads',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation },
  };
  // MinIO refuses the rule on abandoned uploads: it takes those away itself, after its setting `stale_uploads_expiry`.
  for (const rules of [[CLOSED_KEYS, abandoned], [CLOSED_KEYS]]) {
    try {
      // The types of minio know one rule and no sizes; what is sent is the XML of these.
      return await client.setBucketLifecycle(bucket, { Rule: rules } as never);
    } catch (error) {
      if (rules.length === 1) onTrouble(`bucket ${bucket} has no lifecycle rules: ${reasonOf(error)}`);
    }
  }
}

/** Whether the store holds clients to what was signed, instead of taking its word for it. One byte is left of it in the bucket. */
async function probe(options: S3ObjectStorageOptions): Promise<void> {
  const { endpoint, bucket, clock } = options;
  const presigner = new S3Presigner(endpoint, options, clock);
  const send = async (contentLength: number, sent: Record<string, string>) => {
    const headers = { 'content-length': String(contentLength), ...sent };
    const expiresAt = clock.now() + 60_000;
    const url = presigner.url({ method: 'PUT', key: PROBE_KEY, headers, expiresAt });
    return statusOf(url, { method: 'PUT', headers: sent, body: 'x' });
  };
  const once = { 'if-none-match': '*' };
  await send(1, once);
  if ((await send(1, once)) !== 412) throw new Unfit('it lets an upload take the place of an object (If-None-Match)');
  if ((await send(2, {})) < 400) throw new Unfit('it takes uploads of another size than was signed');
  if ((await statusOf(`${new URL(endpoint).origin}/${bucket}/${PROBE_KEY}`)) < 400)
    throw new Unfit(`bucket ${bucket} answers anybody: take its public policy away`);
}

async function statusOf(url: string, request: RequestInit = {}): Promise<number> {
  const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(PROBE_MS) });
  await answer.body?.cancel();
  if (answer.status >= 500) throw new Error(`status ${answer.status}`);
  return answer.status;
}

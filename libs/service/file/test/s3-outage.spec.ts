import { engine, eventually } from '@parley/testing';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { send } from './support/http-client.js';
import { dropBucket, newBucket, openS3, operator, s3 } from './support/s3.js';
import { Way } from './support/way.js';

const HOUR = 3_600_000;
const unavailable = expect.objectContaining({ code: 'server.unavailable', kind: 'unavailable' });

describe.skipIf(engine('s3') === undefined)('an S3 that is away', () => {
  const bucket = newBucket();
  const bytes = randomBytes(2_000_000);
  let way: Way;
  let s: Awaited<ReturnType<typeof openS3>>;

  beforeAll(async () => (await openS3(bucket)).storage.close());
  afterAll(() => dropBucket(bucket));
  beforeEach(async () => {
    way = new Way(new URL(s3.endpoint));
    await way.open();
    s = await openS3(bucket, { endpoint: way.url });
  });
  afterEach(async () => {
    s.storage.close();
    await way.cut();
  });

  const stored = async (key: string) => {
    const grant = { key, size: bytes.length, contentType: 'image/png', sha256: '', expiresAt: s.clock.now() + HOUR };
    expect((await send(await s.storage.presignPut(grant), bytes)).status).toBe(200);
  };
  const everything = (key: string) => [
    s.storage.stat(key),
    Array.fromAsync(s.storage.read(key)),
    s.storage.delete(key),
    s.storage.openParts({ key, contentType: 'image/png' }),
    s.storage.storedParts(key, 'x'),
    s.storage.joinParts(key, 'x', []),
    s.storage.dropParts(key, 'x'),
  ];

  it('fails what needs it, clearly and at once, signs on, and is there again when it is', async () => {
    await stored('ab/one');
    await way.cut();
    for (const outcome of await Promise.allSettled(everything('ab/one')))
      expect(outcome).toEqual({ status: 'rejected', reason: unavailable });
    await expect(s.storage.check()).rejects.toThrow('ECONNREFUSED');
    expect(s.troubles.every((line) => /^object storage, \w+: .*ECONNREFUSED/.test(line))).toBe(true);
    // Signed URLs go elsewhere, and whoever gets one now can use it later.
    await stored('ab/two');
    await way.open();
    expect(await s.storage.stat('ab/two')).toEqual({ size: bytes.length });
    await s.storage.check();
  });

  it('is given up when it says nothing for three seconds', async () => {
    await s.storage.stat('ab/one');
    way.block();
    const began = performance.now();
    await expect(s.storage.stat('ab/one')).rejects.toEqual(unavailable);
    expect(performance.now() - began).toBeLessThan(4500);
    expect(s.troubles.at(-1)).toContain('no answer within 3000 ms');
    way.unblock();
    expect(await s.storage.stat('ab/two')).toEqual({ size: bytes.length });
  });

  it('fails a read that breaks in the middle', async () => {
    // More than the sockets on the way hold.
    await operator().putObject(bucket, 'ab/large', Buffer.alloc(32 * 1024 ** 2));
    const reading = s.storage.read('ab/large')[Symbol.asyncIterator]();
    await reading.next();
    await way.cut();
    const rest = async () => {
      while ((await reading.next()).done !== true);
    };
    await expect(rest()).rejects.toEqual(unavailable);
    await way.open();
  });

  it('is asked again over a new connection where an idle one broke', async () => {
    await s.storage.stat('ab/two');
    await way.cut();
    await way.open();
    expect(await s.storage.stat('ab/two')).toEqual({ size: bytes.length });
  });

  it('is waited for at the start', async () => {
    await way.cut();
    const lines: string[] = [];
    const opening = openS3(bucket, { endpoint: way.url, onTrouble: (line) => lines.push(line) });
    await eventually('it says for what it waits', () => lines.length >= 2);
    expect(lines[0]).toMatch(new RegExp(`^waiting for object storage at ${way.url}: .*ECONNREFUSED`));
    await way.open();
    (await opening).storage.close();
  });

  it('is not waited for any more when the process ends', async () => {
    await way.cut();
    const end = new AbortController();
    const opening = openS3(bucket, { endpoint: way.url, signal: end.signal });
    end.abort();
    await expect(opening).rejects.toThrow();
    await way.open();
  });
});

describe.skipIf(engine('s3') === undefined)('the bucket', () => {
  it('is made once, private, with rules, by processes that start together', async () => {
    const bucket = newBucket();
    const opened = await Promise.all([1, 2, 3, 4].map(() => openS3(bucket)));
    for (const { storage, troubles } of opened) {
      expect(troubles).toEqual([]);
      storage.close();
    }
    expect((await fetch(`${s3.endpoint}/${bucket}?list-type=2`)).status).toBe(403);
    expect(JSON.stringify(await operator().getBucketLifecycle(bucket))).toContain('closed-keys');
    await dropBucket(bucket);
  });

  it('keeps the rules that its operator gave it', async () => {
    const bucket = newBucket();
    await operator().makeBucket(bucket);
    const Rule = [{ ID: 'mine', Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 7 } }];
    await operator().setBucketLifecycle(bucket, { Rule } as never);
    (await openS3(bucket)).storage.close();
    expect(JSON.stringify(await operator().getBucketLifecycle(bucket))).toContain('mine');
    await dropBucket(bucket);
  });

  it('is refused when anybody may read it', async () => {
    const bucket = newBucket();
    await operator().makeBucket(bucket);
    const Statement = [
      { Effect: 'Allow', Principal: { AWS: ['*'] }, Action: ['s3:GetObject'], Resource: [`arn:aws:s3:::${bucket}/*`] },
    ];
    await operator().setBucketPolicy(bucket, JSON.stringify({ Version: '2012-10-17', Statement }));
    await expect(openS3(bucket)).rejects.toThrow(`bucket ${bucket} answers anybody`);
    await dropBucket(bucket);
  });

  it.each([
    ['secret', { secretKey: 'wrong-secret' }, 'SignatureDoesNotMatch|AccessDenied'],
    ['access key', { accessKey: 'nobody' }, 'InvalidAccessKeyId|AccessDenied'],
  ])('is not waited for with a wrong %s', async (_, more, reason) => {
    await expect(openS3(newBucket(), more)).rejects.toThrow(new RegExp(`cannot be used: .*(${reason})`));
  });
});

describe('a store that takes everything', () => {
  it('is refused: uploads rest on what it would have to enforce', async () => {
    const store = createServer((incoming, answer) => {
      incoming.resume();
      incoming.on('end', () => answer.writeHead(200).end('<LifecycleConfiguration/>'));
    });
    await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
    const options = { endpoint, publicUrl: endpoint, accessKey: 'key', secretKey: 'secret', region: 'us-east-1' };
    await expect(openS3('a-bucket', options)).rejects.toThrow('If-None-Match');
    store.close();
  });
});

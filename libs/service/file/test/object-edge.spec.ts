import type { S3ObjectStorage } from '@parley/adapter-object-storage/s3';
import { objectStorageContract, type SetClock } from '@parley/core-file/testing';
import { engine, eventually } from '@parley/testing';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { download, headersOf, send } from './support/http-client.js';
import { hasNginx, ObjectEdge } from './support/object-edge.js';
import { dropBucket, newBucket, openS3, operator, s3 } from './support/s3.js';

const HOUR = 3_600_000;
const MIB = 1024 ** 2;

describe.skipIf(engine('s3') === undefined || !hasNginx())('the edge in front of a real S3', () => {
  const bucket = newBucket();
  let edge: ObjectEdge;
  let storage: S3ObjectStorage;
  let clock: SetClock;
  const bytes = randomBytes(300_000);

  beforeAll(async () => {
    const upstream = new URL(s3.endpoint).host;
    const allowedOrigins = 'https://chat.example.org, http://localhost:5173';
    edge = await ObjectEdge.start({ upstream, bucket, allowedOrigins, maxBodyBytes: 8 * MIB });
    ({ storage, clock } = await openS3(bucket, { publicUrl: edge.url }));
  });
  afterAll(async () => {
    storage.close();
    await edge.stop();
    await dropBucket(bucket);
  });

  const newKey = () => `ab/${randomBytes(8).toString('hex')}`;
  const ticket = (key: string, size = bytes.length) =>
    storage.presignPut({ key, size, contentType: 'image/png', sha256: '', expiresAt: clock.now() + HOUR });
  const link = (key: string) =>
    storage.presignGet({ key, fileName: 'ä.png', contentType: 'image/png', expiresAt: clock.now() + HOUR });
  const stored = async () => {
    const key = newKey();
    expect((await send(await ticket(key), bytes)).status).toBe(200);
    return key;
  };

  objectStorageContract('S3 through the edge', async () => {
    const opened = await openS3(bucket, { publicUrl: edge.url });
    return {
      storage: opened.storage,
      clock: opened.clock,
      put: async (asked, body) => (await send(asked, body)).status,
      get: download,
      close: async () => opened.storage.close(),
    };
  });

  it('answers a download as an attachment that nothing will run, and says nothing of the store', async () => {
    const answer = await fetch(await link(await stored()));
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="_.png"; filename*=UTF-8''%C3%A4.png`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
      server: 'nginx',
    });
    expect(Object.keys(headers).filter((name) => /amz|minio|ratelimit/.test(name))).toEqual([]);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('answers ranges, and nothing of a deleted object', async () => {
    const key = await stored();
    const url = await link(key);
    const part = await fetch(url, { headers: { range: 'bytes=10-19' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${bytes.length}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true);
    expect((await fetch(url, { headers: { range: `bytes=${bytes.length}-` } })).status).toBe(416);
    await storage.delete(key);
    const gone = await fetch(url);
    expect([gone.status, await gone.json()]).toEqual([404, expect.objectContaining({ code: 'file.not_found' })]);
  });

  it('says in the words of the API why not', async () => {
    const key = await stored();
    const again = await send(await ticket(key), bytes);
    expect([again.status, await again.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'file.already_uploaded' }),
    ]);
    const other = await send(await ticket(newKey(), 5), bytes);
    expect([other.status, await other.json()]).toEqual([403, expect.objectContaining({ code: 'file.link_invalid' })]);
    expect(other.headers.get('content-type')).toBe('application/problem+json');
  });

  const forged = (key: string, origin: string) => {
    const date = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '');
    const url = new URL(`/${bucket}/${key}`, origin);
    url.search = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `${s3.accessKey}/${date.slice(0, 8)}/${s3.region}/s3/aws4_request`,
      'X-Amz-Date': date,
      'X-Amz-Expires': '3600',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': '0'.repeat(64),
    }).toString();
    return { url, date };
  };
  const unsignedTrailer = (date: string, encoding = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') => ({
    'x-amz-date': date,
    'x-amz-content-sha256': encoding,
    'x-amz-decoded-content-length': '5',
    'x-amz-trailer': 'x-amz-checksum-crc32',
    'content-encoding': 'aws-chunked',
  });
  const CHUNKED = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n';

  it.each([
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'streaming-unsigned-payload-trailer',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  ])(
    'refuses %s, with which the store itself takes an upload that nobody signed (CVE-2026-40344, CVE-2026-41145)',
    async (encoding) => {
      const key = newKey();
      const { url, date } = forged(key, edge.url);
      const put = (headers: Record<string, string>) => fetch(url, { method: 'PUT', headers, body: CHUNKED });
      expect((await put(unsignedTrailer(date, encoding))).status).toBe(403);
      url.searchParams.set('X-Amz-Content-Sha256', encoding);
      const { 'x-amz-content-sha256': _, ...others } = unsignedTrailer(date, encoding);
      expect((await put(others)).status).toBe(403);
      expect((await put({})).status).toBe(403);
      expect(await storage.stat(key)).toBeUndefined();
    },
  );

  it.each([
    ['a bucket listing', () => operator().presignedUrl('GET', bucket, '', 60)],
    ['a listing of buckets', async () => `${s3.endpoint}/?${new URL(await link('ab/x')).search.slice(1)}`],
    ['an upload list', () => operator().presignedUrl('GET', bucket, '', 60, { uploads: '' })],
    ['the tags of an object', () => operator().presignedUrl('GET', bucket, 'ab/x', 60, { tagging: '' })],
    ['another version of an object', () => operator().presignedUrl('GET', bucket, 'ab/x', 60, { versionId: 'x' })],
    ['another bucket', () => operator().presignedUrl('GET', 'other-bucket', 'ab/x', 60)],
    ['a key of another form', () => operator().presignedUrl('GET', bucket, 'probe/what-is-enforced', 60)],
    ['a key above', () => operator().presignedUrl('GET', bucket, 'ab/../ab/x', 60)],
    ['the health of the store', async () => `${s3.endpoint}/minio/health/live`],
  ])('refuses %s, signed as it may be', async (_, sign) => {
    const url = new URL(await sign());
    expect((await fetch(`${edge.url}${url.pathname}${url.search}`)).status).toBe(403);
  });

  it.each([
    ['no signature', (url: string) => url.replace(/&?X-Amz-Signature=[0-9a-f]+/, '')],
    ['no query', (url: string) => url.replace(/\?.*/, '')],
    ['a second signature', (url: string) => `${url}&X-Amz-Signature=${'0'.repeat(64)}`],
    ['a signature of another form', (url: string) => url.replace(/(X-Amz-Signature=)[0-9a-f]/, '$1G')],
    ['an escaped name of a parameter', (url: string) => url.replace('X-Amz-Date', 'X%2DAmz-Date')],
    ['a parameter more', (url: string) => `${url}&response-expires=0`],
    ['an inline disposition', (url: string) => url.replace('attachment', 'inline')],
    ['another type', (url: string) => url.replace('image%2Fpng', 'text%2Fhtml')],
    ['a later end', (url: string) => url.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=604800')],
    ['another key', (url: string) => url.replace(/\/ab\/./, '/ab/z')],
    ['an escaped slash', (url: string) => url.replace('/ab/', '/ab%2f')],
    ['two slashes', (url: string) => url.replace('/ab/', '/ab//')],
  ])('refuses a link with %s', async (_, change) => {
    const url = await link(await stored());
    expect(change(url)).not.toBe(url);
    expect((await fetch(change(url))).status).toBe(403);
  });

  it.each(['POST', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'])('refuses %s', async (method) => {
    const url = new URL(await link(await stored()));
    const status = await new Promise((resolve, reject) => {
      const { port, pathname, search } = url;
      request({ port, path: pathname + search, method }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(405);
  });

  it('refuses credentials in headers, and copies', async () => {
    const [source, key] = [await stored(), newKey()];
    const credential = { authorization: 'AWS4-HMAC-SHA256 Credential=x' };
    for (const more of [credential, { 'x-amz-copy-source': `/${bucket}/${source}` }, { 'x-amz-security-token': 'x' }])
      expect((await send(await ticket(key), bytes, more)).status).toBe(403);
    expect((await fetch(await link(source), { headers: credential })).status).toBe(403);
    expect(await storage.stat(key)).toBeUndefined();
  });

  it('refuses bodies that are too large, or do not say how large they are', async () => {
    const key = newKey();
    expect((await send(await ticket(key, 9 * MIB), Buffer.alloc(9 * MIB))).status).toBe(413);
    const { url, headers } = await ticket(key);
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    });
    const chunked = { method: 'PUT', headers: headersOf(headers), body, duplex: 'half' } as RequestInit;
    expect((await fetch(url, chunked)).status).toBe(411);
    expect(await storage.stat(key)).toBeUndefined();
  });

  it('lets the pages of the allowed origins in, and no others', async () => {
    const key = newKey();
    const { url } = await ticket(key);
    const preflight = (origin: string) =>
      fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } });
    for (const origin of ['https://chat.example.org', 'http://localhost:5173']) {
      const answer = await preflight(origin);
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
      expect(answer.headers.get('access-control-allow-methods')).toContain('PUT');
      expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('if-none-match');
      const put = await send(await ticket(newKey()), bytes, { origin });
      expect([put.status, put.headers.get('access-control-allow-origin'), put.headers.get('vary')]).toEqual([
        200,
        origin,
        'Origin',
      ]);
    }
    for (const origin of [
      'https://evil.example',
      'https://chat.example.org.evil.example',
      'http://localhost',
      'null',
      '*',
    ]) {
      expect((await preflight(origin)).headers.get('access-control-allow-origin'), origin).toBeNull();
      const got = await fetch(await link(key), { headers: { origin } });
      expect(got.headers.get('access-control-allow-origin'), origin).toBeNull();
    }
  });

  it('says that the store is away, in the words of the API', async () => {
    const away = await ObjectEdge.start({ upstream: '127.0.0.1:1', bucket });
    const { pathname, search } = new URL(await link(newKey()));
    const answer = await fetch(`${away.url}${pathname}${search}`);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'server.unavailable', retryable: true }),
    ]);
    await away.stop();
  });
});

describe.skipIf(!hasNginx())('the edge in front of a store that is watched', () => {
  let edge: ObjectEdge;
  const seen: { headers: IncomingHttpHeaders; bytes: number; isEnded: boolean; isBroken: boolean }[] = [];
  const store = createServer((incoming, answer) => {
    const one = { headers: incoming.headers, bytes: 0, isEnded: false, isBroken: false };
    seen.push(one);
    incoming.on('data', (piece: Buffer) => (one.bytes += piece.length));
    incoming.on('error', () => (one.isBroken = true));
    incoming.on('end', () => {
      one.isEnded = true;
      answer.end();
    });
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
    const upstream = `127.0.0.1:${(store.address() as AddressInfo).port}`;
    edge = await ObjectEdge.start({ upstream, bucket: 'files', maxBodyBytes: 100 * MIB });
  });
  afterAll(async () => {
    await edge.stop();
    store.close();
  });

  const path = `/files/ab/key?partNumber=1&uploadId=x&X-Amz-Signature=${'0'.repeat(64)}`;

  it('passes an upload on as it comes, and few of its headers', async () => {
    seen.length = 0;
    const { port, hostname } = new URL(edge.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `PUT ${path} HTTP/1.1\r\nHost: files.example.org\r\nContent-Type: image/png\r\nIf-None-Match: *\r\nCookie: a=b\r\n` +
        `X-Amz-Checksum-Sha256: abc=\r\nX-Amz-Acl: public-read\r\nX-Amz-Meta-A: b\r\nX-Amz-Tagging: a=b\r\nX-Forwarded-Host: evil\r\n` +
        `User-Agent: x\r\nContent-Length: 2000000\r\n\r\n`,
    );
    socket.write(Buffer.alloc(1_000_000));
    // Half of the body is at the store while the client still has the other half.
    await eventually('half of it arrives', () => seen[0]?.bytes === 1_000_000);
    expect(seen[0]?.isEnded).toBe(false);
    socket.write(Buffer.alloc(1_000_000));
    await eventually('all of it arrives', () => seen[0]?.isEnded === true);
    expect(seen[0]?.headers).toEqual({
      host: 'files.example.org',
      'content-type': 'image/png',
      'if-none-match': '*',
      'content-length': '2000000',
      'x-amz-checksum-sha256': 'abc=',
    });
    socket.destroy();
  });

  it('breaks an upload off at the store when the client goes away', async () => {
    seen.length = 0;
    const { port, hostname } = new URL(edge.url);
    const socket = connect(Number(port), hostname);
    socket.write(`PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n`);
    socket.write(Buffer.alloc(100_000));
    await eventually('it begins', () => seen[0]?.bytes === 100_000);
    socket.destroy();
    await eventually('it is broken off', () => seen[0]?.isBroken === true);
    expect(seen[0]?.isEnded).toBe(false);
  });
});

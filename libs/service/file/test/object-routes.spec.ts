import { DiskObjectStorage } from '@parley/adapter-object-storage';
import { objectStorageContract, SetClock } from '@parley/core-file/testing';
import fastify from 'fastify';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { registerObjectRoutes } from '../src/index.js';
import { download, headersOf, send } from './support/http-client.js';

const HOUR = 3_600_000;

async function server() {
  const directory = await mkdtemp(join(tmpdir(), 'parley-objects-'));
  const clock = new SetClock(Date.now());
  // Smaller than the objects: their routes must not know it.
  const app = fastify({ bodyLimit: 1000 });
  let base = '';
  const open = () => DiskObjectStorage.open({ directory, secret: 'of this test', publicUrl: () => base, clock });
  const storage = await open();
  app.post('/echo', async (echoed) => echoed.body);
  registerObjectRoutes(app, storage);
  base = await app.listen({ port: 0, host: '127.0.0.1' });
  const ticket = (key: string, size: number, contentType = 'image/png') =>
    storage.presignPut({ key, size, contentType, sha256: '', expiresAt: clock.now() + HOUR });
  const link = (key: string, fileName = 'a.png', contentType = 'image/png') =>
    storage.presignGet({ key, fileName, contentType, expiresAt: clock.now() + HOUR });
  return {
    ...{ directory, clock, storage, open, ticket, link, app },
    url: () => base,
    async stored(key: string, bytes: Uint8Array, contentType?: string): Promise<void> {
      const { url, headers } = await ticket(key, bytes.length, contentType);
      const answer = await fetch(url, { method: 'PUT', headers: headersOf(headers), body: new Uint8Array(bytes) });
      expect(answer.status).toBe(200);
    },
    incoming: () => readdir(join(directory, 'incoming')),
    async close() {
      storage.close();
      app.server.closeAllConnections();
      await app.close();
      await rm(directory, { recursive: true });
    },
  };
}

objectStorageContract('disk, over HTTP', async () => {
  const made = await server();
  return {
    storage: made.storage,
    clock: made.clock,
    put: async (request, bytes) => (await send(request, bytes)).status,
    get: download,
    close: made.close,
  };
});

describe('object routes', () => {
  let s: Awaited<ReturnType<typeof server>>;
  const bytes = randomBytes(3_000_000);

  beforeAll(async () => {
    s = await server();
    await s.stored('aa/big', bytes);
  });
  afterAll(() => s.close());

  it('answer a download as an attachment that nothing will run', async () => {
    const answer = await fetch(await s.link('aa/big', 'x"\r\ny.png'));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.length),
      'content-disposition': expect.stringMatching(
        /^attachment; filename="x___y.png"; filename\*=UTF-8''x%22%0D%0Ay.png$/,
      ),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cache-control': 'private, no-store',
    });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  });

  it.each(['image/svg+xml', 'text/html', 'application/xml', 'application/pdf', 'application/octet-stream'])(
    'never answer with the type %s',
    async (type) => {
      const answer = await fetch(await s.link('aa/big', 'x', type), { method: 'HEAD' });
      expect(answer.headers.get('content-type')).toBe('application/octet-stream');
      expect(answer.headers.get('content-length')).toBe(String(bytes.length));
    },
  );

  it('answer ranges', async () => {
    const url = await s.link('aa/big');
    const part = async (range: string) => {
      const answer = await fetch(url, { headers: { range } });
      return { status: answer.status, range: answer.headers.get('content-range'), body: await answer.bytes() };
    };
    const middle = await part('bytes=10-19');
    expect(middle).toMatchObject({ status: 206, range: `bytes 10-19/${bytes.length}` });
    expect(Buffer.from(middle.body)).toEqual(bytes.subarray(10, 20));
    expect(Buffer.from((await part('bytes=-7')).body)).toEqual(bytes.subarray(-7));
    expect(await part(`bytes=${bytes.length}-`)).toMatchObject({ status: 416, range: `bytes */${bytes.length}` });
    expect((await part('bytes=0-1,4-5')).status).toBe(200);
  });

  it('take uploads of unknown length and cut them off where the ticket ends', async () => {
    const { url, headers } = await s.ticket('aa/chunked', 1000);
    const send = (total: number) =>
      fetch(url, {
        method: 'PUT',
        headers: headersOf(headers),
        body: new ReadableStream({
          start(controller) {
            for (let sent = 0; sent < total; sent += 100) controller.enqueue(new Uint8Array(100));
            controller.close();
          },
        }),
        duplex: 'half',
      } as RequestInit);
    const long = await send(5000);
    expect(long.status).toBe(400);
    expect(await long.json()).toMatchObject({ code: 'file.size_mismatch', status: 400, retryable: false });
    expect((await send(900)).status).toBe(400);
    expect(await s.storage.stat('aa/chunked')).toBeUndefined();
    expect((await send(1000)).status).toBe(200);
    expect(await s.incoming()).toEqual([]);
  });

  it('keep nothing of an upload whose client goes away, and take the next try', async () => {
    const { url, headers } = await s.ticket('aa/broken', bytes.length);
    const { hostname, port, pathname, search } = new URL(url);
    const client = request({
      ...{ hostname, port, path: pathname + search, method: 'PUT' },
      headers: { ...headersOf(headers), 'content-length': bytes.length },
    });
    client.on('error', () => undefined);
    client.write(bytes.subarray(0, 500_000));
    await vi.waitFor(async () => expect(await s.incoming()).toHaveLength(1));
    client.destroy();
    await vi.waitFor(async () => expect(await s.incoming()).toEqual([]));
    expect(await s.storage.stat('aa/broken')).toBeUndefined();
    await s.stored('aa/broken', bytes);
  });

  it('keep nothing of an upload whose file is deleted while it is under way', async () => {
    const { url, headers } = await s.ticket('aa/late', 10);
    const { port, hostname, pathname, search } = new URL(url);
    const client = request({
      ...{ hostname, port, path: pathname + search, method: 'PUT' },
      headers: { ...headersOf(headers), 'content-length': 10 },
    });
    const answered = new Promise((resolve) => client.on('response', (answer) => resolve(answer.statusCode)));
    client.write(Buffer.alloc(5));
    await vi.waitFor(async () => expect(await s.incoming()).toHaveLength(1));
    await s.storage.delete('aa/late');
    client.end(Buffer.alloc(5));
    expect(await answered).toBe(409);
    expect(await s.storage.stat('aa/late')).toBeUndefined();
  });

  it('answer a refusal before the body came, and then close', async () => {
    const { port } = s.app.server.address() as AddressInfo;
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(
          'PUT /objects/aa/x?sig=no HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ncontent-length: 5\r\n\r\nabcde',
        ),
      );
      let text = '';
      socket.on('data', (piece) => (text += piece.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
    expect(answer).toContain('file.link_invalid');
  });

  it.each([
    ['no query', (url: URL) => url.pathname],
    ['another object', (url: URL) => url.href.replace('aa/big', 'aa/other')],
    ['a path above', (url: URL) => url.href.replace('aa/big', '..%2f..%2fetc%2fpasswd')],
    ['an encoded slash', (url: URL) => url.href.replace('aa/big', 'aa%2fbig')],
    ['a later end', (url: URL) => url.href.replace(/exp=\d+/, 'exp=9999999999999')],
    ['another name', (url: URL) => url.href.replace('name=a.png', 'name=a.html')],
    ['an inline type', (url: URL) => url.href.replace('type=image%2Fpng', 'type=text%2Fhtml')],
    ['something more', (url: URL) => `${url.href}&response-content-type=text/html`],
  ])('refuse a link with %s', async (_, change) => {
    const url = new URL(await s.link('aa/big'));
    const answer = await fetch(new URL(change(url), s.url()));
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'file.link_invalid' });
  });

  it('take a link for reading only and a ticket for writing only', async () => {
    const { url, headers } = await s.ticket('aa/one-way', 5);
    expect((await fetch(url)).status).toBe(403);
    const asPut = await fetch(await s.link('aa/one-way'), {
      method: 'PUT',
      headers: headersOf(headers),
      body: 'abcde',
    });
    expect(asPut.status).toBe(403);
    for (const method of ['POST', 'DELETE', 'PATCH']) expect((await fetch(url, { method })).status).toBe(404);
  });

  it('refuse an upload without a type, with another one, or with a signed-chunk encoding', async () => {
    const { url } = await s.ticket('aa/typed', 5);
    const put = (headers: Record<string, string>) => fetch(url, { method: 'PUT', headers, body: new Uint8Array(5) });
    expect((await put({})).status).toBe(400);
    expect((await put({ 'content-type': 'image/png; charset=x' })).status).toBe(400);
    expect((await put({ 'content-type': 'application/json' })).status).toBe(400);
    expect(await s.storage.stat('aa/typed')).toBeUndefined();
  });

  it('leave the rest of the application as it was', async () => {
    const echo = (body: string) =>
      fetch(`${s.url()}/echo`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await (await echo('{"a":1}')).json()).toEqual({ a: 1 });
    expect((await echo(JSON.stringify('x'.repeat(2000)))).status).toBe(413);
  });

  it('hold little in memory, whatever the size', async () => {
    // Large beside what the collector has not looked at yet, which counts here, too.
    const size = 192 * 1024 * 1024;
    const { url, headers } = await s.ticket('aa/huge', size);
    const piece = Buffer.alloc(1024 * 1024, 7);
    let highest = 0;
    const before = process.memoryUsage().arrayBuffers;
    const body = new ReadableStream({
      pull(controller) {
        highest = Math.max(highest, process.memoryUsage().arrayBuffers - before);
        if ((this as { sent?: number }).sent === size) return controller.close();
        (this as { sent?: number }).sent = ((this as { sent?: number }).sent ?? 0) + piece.length;
        controller.enqueue(piece);
      },
    });
    const answer = await fetch(url, {
      method: 'PUT',
      headers: headersOf(headers),
      body,
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(200);
    expect(highest).toBeLessThan(size / 2);
  });

  it('drop what a crash left, once it is old', async () => {
    const { writeFile } = await import('node:fs/promises');
    const [old, fresh] = ['old', 'fresh'].map((name) => join(s.directory, 'incoming', name)) as [string, string];
    await Promise.all([writeFile(old, 'x'), writeFile(fresh, 'x')]);
    const past = new Date(Date.now() - 24 * HOUR);
    await utimes(old, past, past);
    (await s.open()).close();
    expect(await s.incoming()).toEqual(['fresh']);
  });
});

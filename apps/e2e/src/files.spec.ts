import { createHash, randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from './support/device.js';
import { type Person, people } from './support/people.js';
import type { Sent } from './support/shapes.js';
import { useServer } from './support/use-server.js';

interface FileObject {
  fileId: string;
  name: string;
  size: number;
  state: string;
  contentType: string;
}

interface UploadTicket {
  method: string;
  url: string;
  headers: Record<string, string>;
  expiresAt: string;
}

interface Ticket {
  file: FileObject;
  upload: UploadTicket;
}

interface Multipart {
  file: FileObject;
  multipart: { partSize: number; uploaded: number[]; parts: (UploadTicket & { number: number; size: number })[] };
}

const CRC = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  let crc = 0xffffffff;
  for (const byte of body) crc = CRC[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A real image, so that a server which looks inside finds one. */
function png(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const pixels = Buffer.alloc((width * 3 + 1) * height, 0x55);
  for (let y = 0; y < height; y++) pixels[y * (width * 3 + 1)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('files', () => {
  const server = useServer('files');
  let alice: Person;
  let bob: Person;
  let carol: Person;
  const image = png(64, 48);

  beforeAll(async () => {
    [alice, bob, carol] = (await people(server.current, 'alice', 'bob', 'carol')) as [Person, Person, Person];
  });

  const ticket = (bytes: Buffer, more: Record<string, unknown> = {}) =>
    alice.api.post<Ticket>('/files', {
      name: 'cat.png',
      size: bytes.length,
      contentType: 'image/png',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      ...more,
    });
  const put = ({ upload }: Ticket, bytes: Buffer) =>
    fetch(upload.url, { method: upload.method, headers: upload.headers, body: new Uint8Array(bytes) });
  const uploaded = async (bytes: Buffer, more: Record<string, unknown> = {}): Promise<FileObject> => {
    const made = await ticket(bytes, more);
    expect((await put(made, bytes)).ok).toBe(true);
    return alice.api.post<FileObject>(`/files/${made.file.fileId}/complete`);
  };
  const download = async (who: Person, fileId: string) => {
    const { url } = await who.api.get<{ url: string }>(`/files/${fileId}/download?as=json`);
    return fetch(new URL(url, server.current.url));
  };

  it('goes up, is completed, sent as an image, and comes down to members as the same bytes', async () => {
    const conversationId = await alice.directWith(bob);
    const file = await uploaded(image, { conversationId });
    expect(file).toMatchObject({ size: image.length, contentType: 'image/png', state: 'ready' });
    expect((await bob.api.refusal('GET', `/files/${file.fileId}`)).status, 'not before it is sent').toBe(404);
    const [a, b] = [await alice.connect(), await bob.connect()];
    const sent = await a.request<Sent>('message:send', {
      conversationId,
      clientMsgId: newId(),
      type: 'image',
      content: { fileId: file.fileId, width: 64, height: 48 },
    });
    expect((await b.hasSeq(conversationId, sent.seq)).data['content']).toMatchObject({ fileId: file.fileId });
    for (const who of [alice, bob]) {
      const answer = await download(who, file.fileId);
      expect(answer.status).toBe(200);
      expect(Buffer.from(await answer.arrayBuffer()).equals(image)).toBe(true);
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
    const redirect = await bob.api.call('GET', `/files/${file.fileId}/download`);
    expect(redirect.status).toBe(302);
    expect((await fetch(new URL(redirect.headers.get('location') as string, server.current.url))).status).toBe(200);
  });

  it('those outside the conversation get nothing, by any door', async () => {
    const conversationId = await alice.directWith(bob);
    const file = await uploaded(image, { conversationId });
    const a = await alice.connect();
    const content = { fileId: file.fileId, name: 'cat.png', size: image.length };
    await a.request('message:send', { conversationId, clientMsgId: newId(), type: 'file', content });
    for (const path of ['', '/download', '/download?as=json', '/thumbnail?size=256'])
      expect((await carol.api.refusal('GET', `/files/${file.fileId}${path}`)).status, path).toBe(404);
    expect((await carol.api.refusal('DELETE', `/files/${file.fileId}`)).status).toBe(404);
    // Sending somebody else's file into an own conversation must not open it.
    const own = await carol.directWith(carol);
    const stolen = { conversationId: own, clientMsgId: newId(), type: 'file', content };
    expect((await (await carol.connect()).refusal('message:send', stolen)).code).toMatch(/^file\./);
  });

  it('a signed URL holds for what it was signed for only', async () => {
    const file = await uploaded(image);
    const { url } = await alice.api.get<{ url: string }>(`/files/${file.fileId}/download?as=json`);
    const signed = new URL(url, server.current.url);
    const without = new URL(signed.pathname, server.current.url);
    expect((await fetch(without)).status).toBeGreaterThanOrEqual(400);
    for (const key of [...signed.searchParams.keys()]) {
      const changed = new URL(signed);
      changed.searchParams.set(key, `${changed.searchParams.get(key)}1`);
      expect((await fetch(changed)).status, `${key} changed`).toBeGreaterThanOrEqual(400);
    }
    expect((await fetch(signed, { method: 'PUT', body: 'overwritten' })).status).toBeGreaterThanOrEqual(400);
  });

  it('refuses other bytes than announced: size, hash and type', async () => {
    const short = await ticket(image);
    const cut = await put(short, image.subarray(0, 10));
    if (cut.ok) await alice.api.refusal('POST', `/files/${short.file.fileId}/complete`);
    const other = Buffer.from(image);
    other[other.length - 20]! ^= 1;
    const swapped = await ticket(image);
    const swap = await put(swapped, other);
    if (swap.ok) await alice.api.refusal('POST', `/files/${swapped.file.fileId}/complete`);
    const page = Buffer.from('<html><script>alert(1)</script></html>');
    const lying = await ticket(page);
    const lie = await put(lying, page);
    if (lie.ok) await alice.api.refusal('POST', `/files/${lying.file.fileId}/complete`);
    for (const { file } of [short, swapped, lying])
      expect((await alice.api.call('GET', `/files/${file.fileId}/download?as=json`)).status).toBeGreaterThanOrEqual(
        400,
      );
  });

  it('a large file goes up in parts, goes on after a break, and comes down as the same bytes', async () => {
    const bytes = randomBytes(17 * 1024 ** 2);
    const key = newId();
    const announce = async () => {
      const body = { name: 'backup.bin', size: bytes.length, contentType: 'application/octet-stream' };
      const answer = await alice.api.call<Multipart>('POST', '/files', { body, headers: { 'idempotency-key': key } });
      expect(answer.status).toBe(201);
      return answer.body;
    };
    const send = ({ partSize, parts }: Multipart['multipart']) =>
      Promise.all(
        parts.map(async ({ number, size, method, url, headers }) => {
          const piece = bytes.subarray((number - 1) * partSize, (number - 1) * partSize + size);
          return (await fetch(url, { method, headers, body: new Uint8Array(piece) })).status;
        }),
      );
    const { file, multipart } = await announce();
    expect(multipart.parts.map((part) => part.size)).toEqual([16 * 1024 ** 2, 1024 ** 2]);
    expect(await send({ ...multipart, parts: multipart.parts.slice(1) })).toEqual([200]);
    expect((await alice.api.refusal('POST', `/files/${file.fileId}/complete`)).code).toBe('file.not_uploaded');
    const resumed = await announce();
    expect(resumed).toMatchObject({ file: { fileId: file.fileId }, multipart: { uploaded: [2] } });
    expect(await send(resumed.multipart)).toEqual([200]);
    expect((await alice.api.post<FileObject>(`/files/${file.fileId}/complete`)).state).toBe('ready');
    const down = await download(alice, file.fileId);
    expect(Buffer.from(await down.arrayBuffer()).equals(bytes)).toBe(true);
    // The small one: a server need not read all of a body that it refuses.
    const [late] = await send({ ...multipart, parts: multipart.parts.slice(1) });
    expect(late).toBeGreaterThanOrEqual(400);
  });

  it('a file that is not complete cannot be sent', async () => {
    const { file } = await ticket(image);
    const conversationId = await alice.directWith(bob);
    const content = { fileId: file.fileId, name: 'cat.png', size: image.length };
    const payload = { conversationId, clientMsgId: newId(), type: 'file', content };
    expect((await (await alice.connect()).refusal('message:send', payload)).code).toMatch(/^file\./);
  });

  it('hostile names come back harmless', async () => {
    const names = [
      '../../etc/passwd',
      'a\r\nset-cookie: x=1',
      'cat\u202egnp.exe',
      'x'.repeat(255),
      'naïve – 猫.png',
      '"quoted".png',
    ];
    for (const name of names) {
      const answer = await alice.api.call<Ticket>('POST', '/files', {
        body: { name, size: image.length, contentType: 'image/png' },
      });
      if (answer.status >= 400) continue;
      await put(answer.body, image);
      const file = await alice.api.post<FileObject>(`/files/${answer.body.file.fileId}/complete`);
      const down = await download(alice, file.fileId);
      const disposition = down.headers.get('content-disposition') as string;
      expect(disposition, name).toMatch(/^attachment/);
      expect(disposition).not.toMatch(/[\r\n]|\.\.\//);
      expect(down.headers.get('set-cookie')).toBeNull();
    }
    const tooLong = { name: 'x'.repeat(1001), size: 1, contentType: 'image/png' };
    expect((await alice.api.refusal('POST', '/files', tooLong)).status).toBeLessThan(500);
  });

  it('a deleted file is gone', async () => {
    const file = await uploaded(image);
    await alice.api.delete(`/files/${file.fileId}`);
    expect((await alice.api.refusal('GET', `/files/${file.fileId}`)).status).toBe(404);
  });
});

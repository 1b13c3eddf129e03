import type { FileId, UserId } from '@parley/kernel';
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { announcement, type FileDesk, fileDesk, LIMITS } from '../testing/desk.js';
import { pngOf } from '../testing/samples.js';
import type { PartTicket } from './upload-tickets.js';

const ann = 'ann' as UserId;
const code = (expected: string) => expect.objectContaining({ code: expected });
const numbers = (parts: readonly PartTicket[]) => parts.map((part) => part.number);
const key = { idempotencyKey: 'k' };

let d: FileDesk;
/** Three parts of 4000, 4000 and 1033. */
const bytes = pngOf(20, 10, 9000);
const sha256 = createHash('sha256').update(bytes).digest('hex');

beforeEach(() => {
  d = fileDesk();
});

const pieceOf = (number: number) => bytes.subarray((number - 1) * 4000, number * 4000);
const send = (parts: readonly PartTicket[]) =>
  parts.map(({ request, number }) => d.objects.put(request, pieceOf(number)));
const complete = (fileId: FileId) => d.complete.execute({ actorId: ann, fileId });

describe('a large file', () => {
  it('goes up in parts that make it up, by URLs of their own', async () => {
    const { file, partSize, parts, uploaded } = await d.announceParts(bytes);
    expect([partSize, uploaded]).toEqual([4000, []]);
    expect(parts.map(({ number, size }) => [number, size])).toEqual([
      [1, 4000],
      [2, 4000],
      [3, 1033],
    ]);
    for (const { request } of parts) expect(request.expiresAt).toBe(d.clock.now() + LIMITS.uploadTtlMs);
    expect(send(parts)).toEqual([200, 200, 200]);
    const ready = await complete(file.fileId);
    expect(ready).toMatchObject({ state: 'ready', width: 20, height: 10, size: 9033 });
    expect(d.files.facts).toEqual([`ready ${file.fileId}`]);
    expect(send(parts)).toEqual([404, 404, 404]);
  });

  it('is not complete before all parts are there, and says which are not', async () => {
    const { file, parts } = await d.announceParts(bytes);
    send(parts.slice(1, 2));
    await expect(complete(file.fileId)).rejects.toMatchObject({
      code: 'file.not_uploaded',
      details: { message: expect.stringContaining('parts 1, 3') },
    });
    send(parts);
    expect((await complete(file.fileId)).state).toBe('ready');
  });

  it('is resumed by the same announcement: new URLs for what is missing', async () => {
    const first = await d.announceParts(bytes, key);
    send(first.parts.slice(0, 2));
    d.clock.pass(LIMITS.uploadTtlMs);
    expect(send(first.parts.slice(2))).toEqual([403]);
    const again = await d.announceParts(bytes, key);
    expect([again.file.fileId, again.uploaded, numbers(again.parts)]).toEqual([first.file.fileId, [1, 2], [3]]);
    expect(send(again.parts)).toEqual([200]);
    expect((await d.announceParts(bytes, key)).parts).toEqual([]);
    await complete(first.file.fileId);
    expect(await d.announceParts(bytes, key)).toMatchObject({
      uploaded: [1, 2, 3],
      parts: [],
      file: { state: 'ready' },
    });
  });

  it('has one upload at the store however often it is announced at once', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => d.announceParts(bytes, key)));
    expect(new Set(all.map(({ file }) => file.fileId)).size).toBe(1);
    expect(all.map(({ parts }, at) => send(parts.slice(at % 3, (at % 3) + 1)))).toEqual([[200], [200], [200], [200]]);
    expect((await d.announceParts(bytes, key)).parts).toEqual([]);
  });

  it('begins anew where the store forgot the upload', async () => {
    const first = await d.announceParts(bytes, key);
    send(first.parts);
    const { objectKey, uploadId } = (await d.files.find(first.file.fileId)) ?? first.file;
    await d.objects.dropParts(objectKey, uploadId);
    await expect(complete(first.file.fileId)).rejects.toEqual(code('file.not_uploaded'));
    const again = await d.announceParts(bytes, key);
    expect(numbers(again.parts)).toEqual([1, 2, 3]);
    send(again.parts);
    expect((await complete(first.file.fileId)).state).toBe('ready');
  });

  it('is completed where a completion was cut off after the parts were joined', async () => {
    const { file, parts } = await d.announceParts(bytes, key);
    send(parts);
    const { objectKey, uploadId } = (await d.files.find(file.fileId)) ?? file;
    await d.objects.joinParts(objectKey, uploadId, parts);
    expect(await d.announceParts(bytes, key)).toMatchObject({ uploaded: [1, 2, 3], parts: [] });
    expect((await complete(file.fileId)).state).toBe('ready');
  });

  it('is read as a whole for its hash only where one was announced', async () => {
    const plain = await d.announceParts(bytes);
    send(plain.parts);
    expect((await complete(plain.file.fileId)).sha256).toBe('');
    const hashed = await d.announceParts(bytes, { sha256, actorId: ann });
    send(hashed.parts);
    expect((await complete(hashed.file.fileId)).sha256).toBe(sha256);
  });

  it.each([
    ['another hash', { sha256: 'ab'.repeat(32) }, 'file.hash_mismatch'],
    ['another type', { contentType: 'application/pdf' }, 'file.type_mismatch'],
  ])('is refused for %s, and leaves nothing', async (_, more, expected) => {
    const { file, parts } = await d.announceParts(bytes, more);
    send(parts);
    for (let round = 0; round < 2; round += 1) await expect(complete(file.fileId)).rejects.toEqual(code(expected));
    expect(await d.objects.stat(file.objectKey)).toBeUndefined();
    expect(await d.files.usage(ann)).toBe(0);
  });

  it('frees its parts when it is deleted, or abandoned', async () => {
    const [first, second] = [await d.announceParts(bytes), await d.announceParts(bytes)];
    send(first.parts.slice(0, 1));
    send(second.parts.slice(0, 1));
    await d.remove.execute({ actorId: ann, fileId: first.file.fileId });
    expect(send(first.parts)).toEqual([404, 404, 404]);
    d.clock.pass(LIMITS.abandonedAfterMs + 1);
    expect(await d.collect.execute()).toBe(1);
    const grants = await Promise.all(
      second.parts.map(({ number }) => d.objects.storedParts(second.file.objectKey, `upload-${number}`)),
    );
    expect(grants.every((parts) => parts === undefined)).toBe(true);
    expect(await d.files.usage(ann)).toBe(0);
  });
});

describe('while the store is down', () => {
  it('a large file cannot be announced, and books no space', async () => {
    d.objects.isDown = true;
    for (let round = 0; round < 3; round += 1)
      await expect(d.create.execute(announcement(bytes, key))).rejects.toEqual(code('server.unavailable'));
    expect(await d.files.usage(ann)).toBe(0);
    d.objects.isDown = false;
    expect((await d.announceParts(bytes, key)).parts).toHaveLength(3);
  });

  it('an upload waits, and goes on where it was', async () => {
    const { file, parts } = await d.announceParts(bytes, key);
    send(parts.slice(0, 2));
    d.objects.isDown = true;
    await expect(complete(file.fileId)).rejects.toEqual(code('server.unavailable'));
    await expect(d.create.execute(announcement(bytes, key))).rejects.toEqual(code('server.unavailable'));
    d.objects.isDown = false;
    send((await d.announceParts(bytes, key)).parts);
    expect((await complete(file.fileId)).state).toBe('ready');
  });

  it('a file is deleted for everybody, and its bytes when the store is back', async () => {
    const fileId = await d.ready();
    d.objects.isDown = true;
    await d.remove.execute({ actorId: ann, fileId });
    await expect(d.get.execute({ actorId: ann, fileId })).rejects.toEqual(code('file.not_found'));
    await expect(d.collect.execute()).rejects.toEqual(code('server.unavailable'));
    d.objects.isDown = false;
    expect(await d.collect.execute()).toBe(1);
    expect(await d.files.removed(10)).toEqual([]);
  });

  it('a file that it does not let go of holds up no other', async () => {
    const [held, ...others] = [await d.ready(), await d.ready(), await d.ready()];
    d.objects.isDown = true;
    for (const fileId of [held, ...others]) await d.remove.execute({ actorId: ann, fileId: fileId as FileId });
    d.objects.isDown = false;
    const [row] = (await d.files.removed(10)).filter((each) => each.fileId === held);
    d.objects.held.add(row?.objectKey ?? '');
    expect(await d.collect.execute()).toBe(2);
    await expect(d.collect.execute()).rejects.toEqual(code('server.unavailable'));
    d.objects.held.clear();
    expect(await d.collect.execute()).toBe(1);
  });
});

import { DomainError, type FileId, type UserId } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { edgeFor } from '../domain/thumbnail.js';
import { type FileDesk, fileDesk, LIMITS } from '../testing/desk.js';
import { BROKEN } from '../testing/fakes.js';
import { pngOf, textOf } from '../testing/samples.js';
import { Thumbnails } from './thumbnails.js';

const [ann, eve] = ['ann', 'eve'] as UserId[] as [UserId, UserId];
const code = (expected: string) => expect.objectContaining({ code: expected });
let d: FileDesk;
beforeEach(() => {
  d = fileDesk();
});

const keyOf = (fileId: FileId, edge: number) => `${fileId.slice(-2)}/${fileId}-${edge}`;
const ask = (fileId: FileId, size: number, actorId = ann) => d.thumbnail.execute({ actorId, fileId, size });
function broken(width = 800, height = 600): Uint8Array {
  const bytes = pngOf(width, height, 1);
  bytes[bytes.length - 1] = BROKEN;
  return bytes;
}

describe('sizes of thumbnails', () => {
  it.each([
    [1, 64],
    [64, 64],
    [65, 160],
    [320, 320],
    [321, 640],
    [1280, 1280],
  ])('%i is answered as %i', (asked, edge) => {
    expect(edgeFor(asked, { width: 4000, height: 3000 })).toBe(edge);
  });

  it('are no more than an image has', () => {
    expect(edgeFor(1280, { width: 100, height: 150 })).toBe(160);
    expect(edgeFor(1280, { width: 10, height: 10 })).toBe(64);
  });
});

describe('thumbnails', () => {
  it('come with the completion, together with what the image looks like', async () => {
    const fileId = await d.upload(pngOf(800, 600));
    const file = await d.complete.execute({ actorId: ann, fileId });
    expect(file).toMatchObject({ state: 'ready', blurhash: 'L00000', width: 800, height: 600 });
    expect(await d.objects.stat(keyOf(fileId, 320))).toBeDefined();
    const { url, expiresAt } = await ask(fileId, 300);
    expect(d.objects.get(url)).toMatchObject({ status: 200, contentType: 'image/webp', fileName: 'a.webp' });
    expect(expiresAt).toBe(d.clock.now() + LIMITS.downloadTtlMs);
    expect(d.pictures.made).toBe(1);
  });

  it('fail no completion: neither a broken image nor a queue that is full', async () => {
    const bad = await d.upload(broken());
    expect(await d.complete.execute({ actorId: ann, fileId: bad })).toMatchObject({ state: 'ready', blurhash: '' });
    d.pictures.isBusy = true;
    const good = await d.upload(pngOf(800, 600));
    expect(await d.complete.execute({ actorId: ann, fileId: good })).toMatchObject({ state: 'ready', blurhash: '' });
    await expect(ask(good, 320)).rejects.toEqual(code('server.busy'));
    d.pictures.isBusy = false;
    await ask(good, 64);
    expect((await d.get.execute({ actorId: ann, fileId: good })).blurhash).toBe('L00000');
  });

  it('are made once, however many ask at once, here and in another process', async () => {
    const fileId = await d.ready(pngOf(800, 600));
    const elsewhere = new Thumbnails(d.thumbnails, d.objects, d.pictures, LIMITS);
    const file = await d.get.execute({ actorId: ann, fileId });
    const answers = await Promise.all([1, 2, 3, 4].map(async (one) => (one % 2 ? d.maker : elsewhere).of(file, 640)));
    expect(new Set(answers.map((answer) => answer.objectKey)).size).toBe(1);
    expect(d.pictures.made).toBeLessThanOrEqual(3);
    await ask(fileId, 640);
    expect(d.pictures.made).toBeLessThanOrEqual(3);
    expect(await d.thumbnails.of(fileId)).toHaveLength(2);
  });

  it('are refused for what is no image, is broken, or is too much to decode, and that is not tried again', async () => {
    const text = await d.upload(textOf('hello'), { contentType: 'text/plain', name: 'a.txt' });
    await d.complete.execute({ actorId: ann, fileId: text });
    const bad = await d.ready(broken());
    const large = await d.ready(pngOf(1000, 501));
    const heavy = await d.ready(pngOf(30, 30, 2968));
    const tried = d.pictures.made;
    for (const fileId of [text, bad, large, heavy])
      await expect(ask(fileId, 320), fileId).rejects.toEqual(code('file.no_thumbnail'));
    expect([tried, d.pictures.made]).toEqual([1, 1]);
  });

  it('are for those who may read the file, and of ready ones', async () => {
    const fileId = await d.ready(pngOf(800, 600));
    await expect(ask(fileId, 320, eve)).rejects.toEqual(code('file.not_found'));
    const pending = await d.upload(pngOf(8, 6));
    await expect(ask(pending, 320)).rejects.toEqual(code('file.not_ready'));
  });

  it('go with the file, also with one that the store lets go of later', async () => {
    const [first, second] = [await d.ready(pngOf(800, 600)), await d.ready(pngOf(800, 600))];
    for (const fileId of [first, second]) await ask(fileId, 64);
    await d.remove.execute({ actorId: ann, fileId: first });
    d.objects.isDown = true;
    await d.remove.execute({ actorId: ann, fileId: second });
    d.objects.isDown = false;
    await d.collect.execute();
    for (const fileId of [first, second])
      for (const edge of [64, 320]) expect(await d.objects.stat(keyOf(fileId, edge)), fileId).toBeUndefined();
    expect(await d.thumbnails.of(second)).toEqual([]);
  });

  it('leave nothing when the file goes while one is made', async () => {
    const fileId = await d.ready(pngOf(800, 600));
    d.pictures.meanwhile = () => d.remove.execute({ actorId: ann, fileId });
    await expect(ask(fileId, 640)).rejects.toEqual(code('file.not_found'));
    expect(await d.objects.stat(keyOf(fileId, 640))).toBeUndefined();
    expect(await d.thumbnails.of(fileId)).toEqual([]);
  });

  it('that a crash cut off between object and row are taken up again, and collected with the file', async () => {
    const fileId = await d.ready(pngOf(800, 600));
    const key = keyOf(fileId, 640);
    await d.thumbnails.begin({ fileId, edge: 640, objectKey: key, state: 'making' });
    await d.objects.write(key, Uint8Array.from([1]));
    const other = await d.ready(pngOf(800, 600));
    await d.thumbnails.begin({ fileId: other, edge: 640, objectKey: keyOf(other, 640), state: 'making' });
    await d.objects.write(keyOf(other, 640), Uint8Array.from([1]));
    expect(d.objects.get((await ask(fileId, 640)).url).status).toBe(200);
    await d.remove.execute({ actorId: ann, fileId: other });
    expect(await d.objects.stat(keyOf(other, 640))).toBeUndefined();
  });

  it('say so when the store does not answer, and work when it does again', async () => {
    const fileId = await d.ready(pngOf(800, 600));
    d.objects.isDown = true;
    await expect(ask(fileId, 64)).rejects.toSatisfy((error) => DomainError.is(error) && error.kind === 'unavailable');
    d.objects.isDown = false;
    expect(d.objects.get((await ask(fileId, 64)).url).status).toBe(200);
  });
});

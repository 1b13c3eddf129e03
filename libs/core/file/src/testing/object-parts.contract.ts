import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { partsOf } from '../domain/parts.js';
import { type ObjectStorageHarness, refused } from './object-storage.contract.js';

const HOUR = 3_600_000;
/** The least that S3 takes for a part that is not the last. */
const PART = 5 * 1024 ** 2;

/** What every object store does with uploads in parts. */
export function partsContract(name: string, makeHarness: () => Promise<ObjectStorageHarness>): void {
  describe(`object storage, uploads in parts: ${name}`, () => {
    let h: ObjectStorageHarness;
    let key: string;
    let uploadId: string;
    const bytes = randomBytes(2 * PART + 1000);
    const all = partsOf(bytes.length, PART);
    const pieces = all.map(({ number, size }) => bytes.subarray((number - 1) * PART, (number - 1) * PART + size));
    const ticket = (number: number, size = all[number - 1]?.size ?? 0) =>
      h.storage.presignPart({ key, uploadId, number, size, expiresAt: h.clock.now() + HOUR });
    const send = async (number: number, piece = pieces[number - 1] ?? Buffer.alloc(0)) =>
      h.put(await ticket(number), piece);
    const join = () => h.storage.joinParts(key, uploadId, all);
    const whole = async () => Buffer.concat(await Array.fromAsync(h.storage.read(key)));

    beforeEach(async () => {
      h = await makeHarness();
      key = `ab/key-${randomBytes(6).toString('hex')}`;
      uploadId = await h.storage.openParts({ key, contentType: 'video/mp4' });
    });
    afterEach(async () => {
      await h.storage.dropParts(key, uploadId);
      await h.close();
    });

    it('makes one object of parts that came in any order', async () => {
      expect(uploadId.length).toBeLessThanOrEqual(512);
      expect(await h.storage.storedParts(key, uploadId)).toEqual([]);
      for (const number of [3, 1]) expect(await send(number)).toBe(200);
      expect(await h.storage.storedParts(key, uploadId)).toEqual([all[0], all[2]]);
      expect(await join()).toEqual([2]);
      expect(await h.storage.stat(key)).toBeUndefined();
      expect(await send(2)).toBe(200);
      expect(await join()).toEqual([]);
      expect(await h.storage.stat(key)).toEqual({ size: bytes.length });
      expect((await whole()).equals(bytes)).toBe(true);
      expect(await h.storage.storedParts(key, uploadId)).toBeUndefined();
    });

    it('takes a part again until it is joined, and nothing afterwards', async () => {
      const late = await ticket(1);
      expect(await send(1, randomBytes(PART))).toBe(200);
      for (const number of [1, 2, 3]) expect(await send(number)).toBe(200);
      expect(await join()).toEqual([]);
      expect(await h.put(late, randomBytes(PART))).toSatisfy(refused);
      expect((await whole()).equals(bytes)).toBe(true);
    });

    it('takes parts that come at once, and one of those for the same number, whole', async () => {
      const request = await ticket(1);
      const firsts = [pieces[0] ?? Buffer.alloc(0), randomBytes(PART), randomBytes(PART)];
      const statuses = await Promise.all([...firsts.map((piece) => h.put(request, piece)), send(2), send(3)]);
      expect(statuses).toEqual([200, 200, 200, 200, 200]);
      expect(await join()).toEqual([]);
      const found = await whole();
      expect(firsts.filter((piece) => found.subarray(0, PART).equals(piece))).toHaveLength(1);
      expect(found.subarray(PART).equals(bytes.subarray(PART))).toBe(true);
    });

    it('joins once, however many ask at once', async () => {
      for (const number of [1, 2, 3]) await send(number);
      const answers = await Promise.all([1, 2, 3, 4].map(join));
      expect(answers).toEqual([[], [], [], []]);
      expect((await whole()).equals(bytes)).toBe(true);
      expect(await join()).toEqual([]);
    });

    it('refuses a part of another size, and for another number', async () => {
      const { url, ...request } = await ticket(2);
      expect(await h.put({ url, ...request }, bytes.subarray(0, PART - 1))).toSatisfy(refused);
      expect(await h.put({ url, ...request }, bytes.subarray(0, PART + 1))).toSatisfy(refused);
      const changed = url.replace(/(partNumber|n)=2/, '$1=1').replace('memory:put/', 'memory:put/1');
      expect(changed).not.toBe(url);
      expect(await h.put({ url: changed, ...request }, pieces[0] ?? Buffer.alloc(0))).toSatisfy(refused);
      expect(await h.storage.storedParts(key, uploadId)).toEqual([]);
    });

    it('refuses a URL that has expired', async () => {
      h.clock.pass(-2 * HOUR);
      const late = await ticket(3);
      h.clock.pass(2 * HOUR);
      expect(await h.put(late, pieces[2] ?? Buffer.alloc(0))).toBe(403);
      expect(await h.storage.storedParts(key, uploadId)).toEqual([]);
    });

    it('keeps nothing of what was dropped, and takes nothing more', async () => {
      const late = await ticket(2);
      await send(1);
      await h.storage.dropParts(key, uploadId);
      await h.storage.dropParts(key, uploadId);
      expect(await h.storage.storedParts(key, uploadId)).toBeUndefined();
      expect(await h.put(late, pieces[1] ?? Buffer.alloc(0))).toSatisfy(refused);
      expect(await join()).toBe(false);
      expect(await h.storage.stat(key)).toBeUndefined();
    });

    it('leaves no object where dropping and deleting meet joining', async () => {
      for (const number of [1, 2, 3]) await send(number);
      const remove = async () => {
        await h.storage.dropParts(key, uploadId);
        await h.storage.delete(key);
      };
      await Promise.allSettled([join(), remove(), join()]);
      expect(await h.storage.stat(key)).toBeUndefined();
      expect(await h.storage.storedParts(key, uploadId)).toBeUndefined();
    });
  });
}

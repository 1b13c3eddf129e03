import type { SetClock } from '@parley/kernel/testing';
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStorage, SignedRequest } from '../ports/object-storage.js';
import { partsContract } from './object-parts.contract.js';

export interface ObjectStorageHarness {
  storage: ObjectStorage;
  /** Begins now: stores of others judge an expiry by their own clock. */
  clock: SetClock;
  /** What a client does with a ticket; answers the HTTP status. */
  put: (request: SignedRequest, bytes: Uint8Array) => Promise<number>;
  get: (url: string) => Promise<{ status: number; bytes?: Uint8Array; contentType?: string; fileName?: string }>;
  close: () => Promise<void>;
}

const HOUR = 3_600_000;

/** Stores say in different words that a ticket does not allow this. */
export const refused = (status: number) => status >= 400 && status < 500;

/** What every object store does, seen from its port and from outside. */
export function objectStorageContract(name: string, makeHarness: () => Promise<ObjectStorageHarness>): void {
  partsContract(name, makeHarness);

  describe(`object storage: ${name}`, () => {
    let h: ObjectStorageHarness;
    let key: string;
    const bytes = randomBytes(200_000);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const ticket = (size = bytes.length, more = {}) =>
      h.storage.presignPut({
        key,
        size,
        contentType: 'image/png',
        sha256: '',
        expiresAt: h.clock.now() + HOUR,
        ...more,
      });
    const link = (fileName = 'a.png') =>
      h.storage.presignGet({ key, fileName, contentType: 'image/png', expiresAt: h.clock.now() + HOUR });
    const whole = async (length?: number) => Buffer.concat(await Array.fromAsync(h.storage.read(key, length)));

    beforeEach(async () => {
      h = await makeHarness();
      key = `ab/key-${randomBytes(6).toString('hex')}`;
    });
    afterEach(() => h.close());

    it('takes what its ticket says and gives it back', async () => {
      expect(await h.storage.stat(key)).toBeUndefined();
      expect(await h.put(await ticket(), bytes)).toBe(200);
      expect(await h.storage.stat(key)).toEqual({ size: bytes.length });
      expect(await whole()).toEqual(bytes);
      expect(await whole(1000)).toEqual(bytes.subarray(0, 1000));
      expect(await whole(1_000_000)).toEqual(bytes);
      const answer = await h.get(await link());
      expect(answer).toMatchObject({ status: 200, contentType: 'image/png', fileName: 'a.png' });
      expect(Buffer.from(answer.bytes ?? [])).toEqual(bytes);
    });

    it.each([
      'Grüße "1".png',
      "it's (1) 100% *+&=;.png",
      '猫 – 🐈.png',
      'a\r\nset-cookie: x.png',
      'cat\u202egnp.exe',
      `nul\0.png`,
      `${'é'.repeat(150)}.png`,
    ])('names a download %j', async (fileName) => {
      expect(await h.put(await ticket(), bytes)).toBe(200);
      expect(await h.get(await link(fileName))).toMatchObject({ status: 200, fileName });
    });

    it.each([
      ['shorter', 1],
      ['longer', -1],
    ])('keeps nothing of an upload that is %s than its ticket', async (_, less) => {
      expect(await h.put(await ticket(bytes.length + less), bytes)).toSatisfy(refused);
      expect(await h.storage.stat(key)).toBeUndefined();
      expect(await h.put(await ticket(), bytes)).toBe(200);
    });

    it('refuses another type than its ticket', async () => {
      const { headers, ...request } = await ticket();
      const other = headers.map(({ name: header, value }) => ({
        name: header,
        value: header === 'content-type' ? 'text/html' : value,
      }));
      expect(await h.put({ ...request, headers: other }, bytes)).toSatisfy(refused);
      expect(await h.put({ ...request, headers: [] }, bytes)).toSatisfy(refused);
      expect(await h.storage.stat(key)).toBeUndefined();
    });

    it('refuses another content than was announced by its hash', async () => {
      const other = Buffer.from(bytes);
      other[100] = (other[100] ?? 0) ^ 1;
      expect(await h.put(await ticket(bytes.length, { sha256 }), other)).toSatisfy(refused);
      expect(await h.storage.stat(key)).toBeUndefined();
      expect(await h.put(await ticket(bytes.length, { sha256 }), bytes)).toBe(200);
    });

    it('takes one upload, whatever tickets are out', async () => {
      const [first, second] = [await ticket(), await ticket()];
      expect(await h.put(first, bytes)).toBe(200);
      const other = randomBytes(bytes.length);
      expect(await h.put(first, other)).toBe(409);
      expect(await h.put(second, other)).toBe(409);
      expect(await whole()).toEqual(bytes);
    });

    it('takes one of many uploads at once, whole', async () => {
      const request = await ticket();
      const all = Array.from({ length: 6 }, () => randomBytes(bytes.length));
      const statuses = await Promise.all(all.map((each) => h.put(request, each)));
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => status === 409)).toHaveLength(5);
      expect(await whole()).toEqual(all[statuses.indexOf(200)]);
    });

    it('refuses tickets and links that have expired', async () => {
      expect(await h.put(await ticket(), bytes)).toBe(200);
      h.clock.pass(-2 * HOUR);
      const old = await link();
      key = `${key}-late`;
      const late = await ticket();
      h.clock.pass(2 * HOUR);
      expect(await h.put(late, bytes)).toBe(403);
      expect((await h.get(old)).status).toBe(403);
      expect(await h.storage.stat(key)).toBeUndefined();
    });

    it('gives nothing once deleted, and takes nothing more for the key', async () => {
      const [put, get] = [await ticket(), await link()];
      await h.put(put, bytes);
      await h.storage.delete(key);
      await h.storage.delete(key);
      expect(await h.storage.stat(key)).toBeUndefined();
      // Which status depends on the store, and on the edge in front of it.
      expect((await h.get(get)).bytes ?? []).toHaveLength(0);
      expect(await h.put(put, bytes)).toBe(409);
      expect(await h.storage.stat(key)).toBeUndefined();
      await expect(whole()).rejects.toThrow();
    });

    it('keeps what the server writes, the first of several at once, and takes no upload in its place', async () => {
      const ticketBefore = await ticket();
      const others = [1, 2, 3, 4].map(() => randomBytes(3000));
      const first = await Promise.all(others.map((each) => h.storage.write(key, each, 'image/png')));
      expect(first.filter(Boolean)).toHaveLength(1);
      const kept = others[first.indexOf(true)] as Buffer;
      expect(await h.storage.write(key, bytes, 'image/png')).toBe(false);
      expect(await h.put(ticketBefore, bytes)).toBe(409);
      expect((await whole()).equals(kept)).toBe(true);
      const answer = await h.get(await link());
      expect(answer).toMatchObject({ status: 200, contentType: 'image/png' });
      expect(Buffer.from(answer.bytes ?? []).equals(kept)).toBe(true);
    });

    it('writes nothing where an object was deleted, or was going to be', async () => {
      await h.storage.write(key, bytes, 'image/png');
      await h.storage.delete(key);
      expect(await h.storage.write(key, bytes, 'image/png')).toBe(false);
      expect(await h.storage.stat(key)).toBeUndefined();
      key = `${key}-320`;
      await h.storage.delete(key);
      expect(await h.storage.write(key, bytes, 'image/png')).toBe(false);
      expect(await h.storage.stat(key)).toBeUndefined();
    });

    it('closes a ticket by deleting what was never uploaded', async () => {
      const put = await ticket();
      await h.storage.delete(key);
      expect(await h.put(put, bytes)).toBe(409);
      expect(await h.storage.stat(key)).toBeUndefined();
    });

    it('is deleted while it is read, uploaded and deleted, and stays so', async () => {
      const [put, get] = [await ticket(), await link()];
      await h.put(put, bytes);
      const answers = await Promise.all([h.get(get), h.storage.delete(key), h.put(put, bytes), h.storage.delete(key)]);
      const read = answers[0].bytes ?? [];
      expect([0, bytes.length]).toContain(read.length);
      if (read.length > 0) expect(Buffer.from(read)).toEqual(bytes);
      expect(await h.put(put, bytes)).toBe(409);
      expect(await h.storage.stat(key)).toBeUndefined();
    });
  });
}
